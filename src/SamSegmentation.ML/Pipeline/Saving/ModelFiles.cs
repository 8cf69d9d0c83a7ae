using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Pipeline.Drawing;
using SamSegmentation.ML.Pipeline.Fitting;
using SamSegmentation.ML.Pipeline.Saving;
using SamSegmentation.ML.Prediction;
using TorchSharp;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(
    typeof(SamSemanticSegmentationTransformer), typeof(SegmentationReader), null, typeof(SignatureLoadModel),
    "SAM semantic segmentation", ModelFiles.SegmentationLoader)]
[assembly: LoadableClass(
    typeof(LabelDrawingTransformer), typeof(DrawingReader), null, typeof(SignatureLoadModel),
    "Drawing of class ids", ModelFiles.DrawingLoader)]

namespace SamSegmentation.ML.Pipeline.Saving;

/// <summary>
/// Our transformers in ML.NET's model files. This is the one file that uses internals of Microsoft.ML.Core: what saves and
/// loads models is not public there. See docs/mlnet.md for the build's part in it and for the layout.
/// </summary>
internal static class ModelFiles
{
    public const string SegmentationLoader = "SamSemanticSegmentation";
    public const string DrawingLoader = "SamLabelDrawing";
    public const string Weights = "Weights";

    private const string AssemblyName = "SamSegmentation.ML";

    /// <summary>The context's seed; null when it has none.</summary>
    public static int? SeedOf(IHostEnvironment env) => ((IHostEnvironmentInternal)env).Seed;

    /// <summary>The device that the context names.</summary>
    public static torch.Device DeviceOf(IHostEnvironment env)
    {
        var settings = (IHostEnvironmentInternal)env;
        using var channel = env.Start(SegmentationLoader);
        return ContextDevice.Resolve(settings.GpuDeviceId, settings.FallbackToCpu, text => channel.Warning(MessageSensitivity.None, text));
    }

    /// <summary>The folder for files that live as long as a call.</summary>
    public static string TemporaryFolderOf(IHostEnvironment env) => ((IHostEnvironmentInternal)env).TempFilePath;

    /// <summary>
    /// Writes a segmentation transformer. The component, all numbers little-endian, a text as its index (int32) in the
    /// component's table of strings: texts — the names of the columns image, predicted label, height, width, score, mask
    /// image, overlay; int32 — the outputs on request, as flags; int32 — rows in a batch; byte — 1 when the encoder is in the
    /// file; if 0, two texts — SHA-256 and path of the encoder's checkpoint; since 0x00010002, of the inference options:
    /// int32 — window; double — overlap; byte — flip; int32 — number of scales; a double each. Beside it, the stream "Weights": the network,
    /// or all of it but the encoder, as safetensors with its description (<see cref="SamCheckpoint.WriteModel"/>).
    /// </summary>
    public static void Save(SamSemanticSegmentationTransformer transformer, ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(SegmentationVersion);
        var columns = transformer.ColumnNames;
        string[] names =
        [
            columns.Image, columns.PredictedLabel, columns.PredictedHeight, columns.PredictedWidth,
            columns.Score, columns.PredictedMaskImage, columns.PredictedOverlay,
        ];
        foreach (var name in names)
            ctx.SaveNonEmptyString(name);
        ctx.Writer.Write((int)columns.Outputs);
        ctx.Writer.Write(transformer.BatchSize);
        ctx.Writer.Write(transformer.SavesEncoder);
        if (transformer.Encoder is { } encoder)
        {
            ctx.SaveNonEmptyString(encoder.Sha256);
            ctx.SaveNonEmptyString(encoder.Path);
        }
        InferenceInFiles.Write(ctx.Writer, transformer.Inference);
        var info = transformer.InfoToSave();
        ctx.SaveBinaryStream(Weights, writer => SamCheckpoint.WriteModel(transformer.Model.Network, writer.BaseStream, info));
    }

    /// <summary>
    /// Writes a drawing transformer: texts — the names of the columns image (may be none), label, height, width, output;
    /// double — opacity; int32 — the number of colours; 3 bytes a colour.
    /// </summary>
    public static void Save(LabelDrawingTransformer transformer, ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(DrawingVersion);
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

    // A change that old readers cannot read raises the number and adds to the list.
    // 0x00010001: the first.
    // 0x00010002: the inference options.
    public static VersionInfo SegmentationVersion { get; } = Version("SAM SSEG", SegmentationLoader, WithInference);

    // 0x00010001: the first.
    public static VersionInfo DrawingVersion { get; } = Version("SAM DRAW", DrawingLoader, 0x00010001);

    public const uint WithInference = 0x00010002;

    private static VersionInfo Version(string signature, string loader, uint current) => new(
        modelSignature: signature,
        verWrittenCur: current,
        verReadableCur: current,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: AssemblyName,
        loaderSignature: loader);
}

/// <summary>Reads what <see cref="ModelFiles"/> wrote; ML.NET finds <c>Create</c> by its name and parameters.</summary>
internal static class SegmentationReader
{
    private static SamSemanticSegmentationTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(ModelFiles.SegmentationVersion);
        var columns = new SegmentationColumns
        {
            Image = ctx.LoadNonEmptyString(),
            PredictedLabel = ctx.LoadNonEmptyString(),
            PredictedHeight = ctx.LoadNonEmptyString(),
            PredictedWidth = ctx.LoadNonEmptyString(),
            Score = ctx.LoadNonEmptyString(),
            PredictedMaskImage = ctx.LoadNonEmptyString(),
            PredictedOverlay = ctx.LoadNonEmptyString(),
            Outputs = (SegmentationOutputs)ctx.Reader.ReadInt32(),
        };
        var batchSize = ctx.Reader.ReadInt32();
        if ((columns.Outputs & ~SegmentationOutputs.All) != 0 || batchSize < 1)
            throw new FormatException($"Corrupt model file: outputs {(int)columns.Outputs}, batches of {batchSize}.");
        EncoderFile? encoder = null;
        if (!ctx.Reader.ReadBoolean() && ctx.LoadNonEmptyString() is var hash)
            encoder = new EncoderFile(ctx.LoadNonEmptyString(), hash);
        var inference = ctx.Header.ModelVerWritten >= ModelFiles.WithInference ? InferenceInFiles.Read(ctx.Reader) : InferenceOptions.Default;
        var device = ModelFiles.DeviceOf(env);
        SegmentationModel? model = null;
        if (!ctx.TryLoadBinaryStream(ModelFiles.Weights, reader => model = Load(env, reader.BaseStream, encoder, device)))
            throw new FormatException($"Corrupt model file: the stream '{ModelFiles.Weights}' of the segmentation transformer is missing.");
        return new SamSemanticSegmentationTransformer(model!, columns, device, batchSize, encoder, inference);
    }

    // A tensor is read at its place when its turn comes, which the archive's stream need not allow: it goes to a file first.
    private static SegmentationModel Load(IHostEnvironment env, Stream weights, EncoderFile? encoder, torch.Device device)
    {
        var checkpoint = encoder is null ? null : EncoderFiles.Find(env.ComponentCatalog, encoder);
        var folder = Directory.CreateDirectory(Path.Combine(ModelFiles.TemporaryFolderOf(env), $"samseg-{Path.GetRandomFileName()}"));
        try
        {
            var file = Path.Combine(folder.FullName, "weights.safetensors");
            using (var target = File.Create(file))
                weights.CopyTo(target);
            return SegmentationModel.Load(file, checkpoint, device);
        }
        catch (Exception e) when (e is CheckpointFormatException or CheckpointMismatchException)
        {
            throw new FormatException($"Corrupt model file: the stream '{ModelFiles.Weights}' of the segmentation transformer: {e.Message}", e);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <inheritdoc cref="SegmentationReader"/>
internal static class DrawingReader
{
    private static LabelDrawingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(ModelFiles.DrawingVersion);
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
