using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Pipeline.Drawing;
using SamSegmentation.ML.Pipeline.Saving;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(
    typeof(LabelDrawingTransformer), typeof(DrawingReader), null, typeof(SignatureLoadModel),
    "Drawing of class ids", DrawingFiles.Loader)]

namespace SamSegmentation.ML.Pipeline.Saving;

/// <summary>
/// Drawing transformers in ML.NET's model files. With <see cref="SegmentationInFiles"/> this is what uses internals of
/// Microsoft.ML.Core in this assembly: what saves and loads models is not public there. See docs/mlnet.md for the build's part
/// in it and for the layout.
/// </summary>
internal static class DrawingFiles
{
    // Not the name of old files, which the assembly SamSegmentation.ML answers to: a catalog knows a name once.
    public const string Loader = "SegmentationLabelDrawing";

    // 0x00010001: the first.
    public static VersionInfo Version { get; } = new(
        modelSignature: "SAM DRAW",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: "SamSegmentation.ML.Data",
        loaderSignature: Loader);

    /// <summary>
    /// Writes a drawing transformer: texts — the names of the columns image (may be none), label, height, width, output;
    /// double — opacity; int32 — the number of colours; 3 bytes a colour.
    /// </summary>
    public static void Save(LabelDrawingTransformer transformer, ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        var options = transformer.Options;
        ctx.SaveStringOrNull(options.ImageColumnName);
        foreach (var name in new[] { options.LabelColumnName, options.HeightColumnName, options.WidthColumnName, options.OutputColumnName })
            ctx.SaveNonEmptyString(name);
        ctx.Writer.Write(options.Opacity);
        ctx.Writer.Write(options.Colors.Count);
        for (var id = 0; id < options.Colors.Count; id++)
        {
            var (r, g, b) = options.Colors[id];
            ctx.Writer.Write([r, g, b]);
        }
    }
}

/// <summary>Reads what <see cref="DrawingFiles"/> wrote; ML.NET finds <c>Create</c> by its name and parameters.</summary>
internal static class DrawingReader
{
    private static LabelDrawingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(DrawingFiles.Version);
        var image = ctx.LoadStringOrNull();
        var (label, height, width, output) = (ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString());
        var opacity = ctx.Reader.ReadDouble();
        var count = ctx.Reader.ReadInt32();
        if (!(opacity is >= 0 and <= 1) || count is < 1 or > ushort.MaxValue + 1)
            throw new FormatException($"Corrupt model file: opacity {opacity}, {count} colours.");
        var bytes = ctx.Reader.ReadBytes(3 * count);
        if (bytes.Length < 3 * count)
            throw new FormatException($"Corrupt model file: {bytes.Length} bytes of colours, expected {3 * count}.");
        return new LabelDrawingTransformer(new LabelDrawingOptions
        {
            ImageColumnName = image,
            LabelColumnName = label,
            HeightColumnName = height,
            WidthColumnName = width,
            OutputColumnName = output,
            Opacity = opacity,
            Colors = new ColorMap(bytes.Chunk(3).Select(color => (color[0], color[1], color[2]))),
        });
    }
}
