using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Pipeline.Fitting;
using SamSegmentation.ML.Pipeline.Saving;
using SamSegmentation.ML.Prediction;
using TorchSharp;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(
    typeof(SamSemanticSegmentationTransformer), typeof(SegmentationReader), null, typeof(SignatureLoadModel),
    "SAM semantic segmentation", ModelFiles.SegmentationLoader)]
// Drawings that were saved while their class was in this assembly.
[assembly: LoadableClass(
    typeof(LabelDrawingTransformer), typeof(DrawingReader), null, typeof(SignatureLoadModel),
    "Drawing of class ids", ModelFiles.OldDrawingLoader)]

namespace SamSegmentation.ML.Pipeline.Saving;

/// <summary>
/// The trained transformer in ML.NET's model files. This is the one file of the assembly that uses internals of
/// Microsoft.ML.Core: what saves and loads models is not public there. See docs/mlnet.md for the build's part in it and for
/// the layout.
/// </summary>
internal static class ModelFiles
{
    public const string SegmentationLoader = "SamSemanticSegmentation";
    public const string OldDrawingLoader = "SamLabelDrawing";
    public const string Weights = "Weights";

    private const string AssemblyName = "SamSegmentation.ML";

    /// <summary>The context's seed; null when it has none.</summary>
    public static int? SeedOf(IHostEnvironment env) => ((IHostEnvironmentInternal)env).Seed;

    /// <summary>Tells a context of fewer rows at once.</summary>
    public static Action<ReducedBatch> WarnIn(IHostEnvironment env) => batch =>
    {
        using var channel = env.Start(SegmentationLoader);
        channel.Warning(MessageSensitivity.None, batch.ToString());
    };

    /// <summary>The device that the context names.</summary>
    public static torch.Device DeviceOf(IHostEnvironment env)
    {
        var settings = (IHostEnvironmentInternal)env;
        using var channel = env.Start(SegmentationLoader);
        return ContextDevice.Resolve(settings.GpuDeviceId, settings.FallbackToCpu, text => channel.Warning(MessageSensitivity.None, text));
    }

    /// <summary>
    /// Writes a segmentation transformer. The component, all numbers little-endian, a text as its index (int32) in the
    /// component's table of strings: texts — the names of the columns image, predicted label, height, width, score, mask
    /// image, overlay; int32 — the outputs on request, as flags; int32 — rows in a batch, 0 (since 0x00010003) for as many
    /// as suit the device; byte — 1 when the encoder is in the file; if 0, two texts — SHA-256 and path of the encoder's checkpoint; since 0x00010002, of the inference options:
    /// int32 — window; double — overlap; byte — flip; int32 — number of scales; a double each. Beside it, the stream "Weights": the network,
    /// or all of it but the encoder, as safetensors with its description (<see cref="SamCheckpoint.WriteModel"/>).
    /// </summary>
    public static void Save(SamSemanticSegmentationTransformer transformer, ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(SegmentationVersion);
        SegmentationInFiles.Write(ctx, transformer);
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

    // A change that old readers cannot read raises the number and adds to the list.
    // 0x00010001: the first.
    // 0x00010002: the inference options.
    // 0x00010003: 0 rows in a batch.
    public static VersionInfo SegmentationVersion { get; } = new(
        modelSignature: "SAM SSEG",
        verWrittenCur: WithDevicesRows,
        verReadableCur: WithDevicesRows,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: AssemblyName,
        loaderSignature: SegmentationLoader);

    public const uint WithInference = 0x00010002;

    private const uint WithDevicesRows = 0x00010003;
}

/// <summary>Reads what <see cref="ModelFiles"/> wrote; ML.NET finds <c>Create</c> by its name and parameters.</summary>
internal static class SegmentationReader
{
    private static SamSemanticSegmentationTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(ModelFiles.SegmentationVersion);
        var (columns, batchSize) = SegmentationInFiles.Read(ctx, leastRows: 0);
        EncoderFile? encoder = null;
        if (!ctx.Reader.ReadBoolean() && ctx.LoadNonEmptyString() is var hash)
            encoder = new EncoderFile(ctx.LoadNonEmptyString(), hash);
        var inference = ctx.Header.ModelVerWritten >= ModelFiles.WithInference ? InferenceInFiles.Read(ctx.Reader) : InferenceOptions.Default;
        var device = ModelFiles.DeviceOf(env);
        var model = SegmentationInFiles.ReadStream(ctx, ModelFiles.Weights, weights => Load(env, weights, encoder, device));
        return new SamSemanticSegmentationTransformer(model, columns, device, batchSize == 0 ? null : batchSize, encoder, inference, ModelFiles.WarnIn(env));
    }

    // A tensor is read at its place when its turn comes, which the archive's stream need not allow: it goes to a file first.
    private static SegmentationModel Load(IHostEnvironment env, Stream weights, EncoderFile? encoder, torch.Device device)
    {
        var checkpoint = encoder is null ? null : EncoderFiles.Find(env.ComponentCatalog, encoder);
        var folder = Directory.CreateDirectory(Path.Combine(SegmentationInFiles.TemporaryFolderOf(env), $"samseg-{Path.GetRandomFileName()}"));
        try
        {
            var file = Path.Combine(folder.FullName, "weights.safetensors");
            using (var target = File.Create(file))
                weights.CopyTo(target);
            return SegmentationModel.Load(file, checkpoint, device);
        }
        catch (Exception e) when (e is CheckpointFormatException or CheckpointMismatchException)
        {
            throw SegmentationInFiles.Damaged(ModelFiles.Weights, e);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
