using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Onnx.Saving;
using SamSegmentation.ML.Onnx.Scoring;
using SamSegmentation.ML.Pipeline.Saving;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: LoadableClass(
    typeof(OnnxSemanticSegmentationTransformer), typeof(OnnxReader), null, typeof(SignatureLoadModel),
    "ONNX semantic segmentation", OnnxModelFiles.Loader)]

namespace SamSegmentation.ML.Onnx.Saving;

/// <summary>
/// Networks in ONNX files in ML.NET's model files. This is the one file of the assembly that uses internals of
/// Microsoft.ML.Core: what saves and loads models, and a context's settings, are not public there. See docs/mlnet.md for the
/// build's part in it and for the layout.
/// </summary>
internal static class OnnxModelFiles
{
    public const string Loader = "SamSegmentationOnnx";
    public const string Graph = "Graph";

    // 0x00010001: the first.
    public static VersionInfo Version { get; } = new(
        modelSignature: "SAM ONNX",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: "SamSegmentation.ML.Onnx",
        loaderSignature: Loader);

    /// <summary>Warns a context that asks for a GPU, on which nothing runs here.</summary>
    /// <exception cref="InvalidOperationException">The CPU will not do.</exception>
    public static void CheckDevice(IHostEnvironment env)
    {
        var settings = (IHostEnvironmentInternal)env;
        if (settings.GpuDeviceId is not { } number)
            return;
        var reason = $"the context's GpuDeviceId is {number}, but ONNX files are run on the CPU";
        if (!settings.FallbackToCpu)
            throw new InvalidOperationException($"The GPU {number} cannot be used: {reason}, and FallbackToCpu is false.");
        using var channel = env.Start(Loader);
        channel.Warning(MessageSensitivity.None, $"Running on the CPU: {reason}.");
    }

    /// <summary>
    /// Writes a transformer: what all have in common (<see cref="SegmentationInFiles"/>), then the inference options. Beside it,
    /// the stream "Graph": the ONNX file.
    /// </summary>
    public static void Save(OnnxSemanticSegmentationTransformer transformer, ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SegmentationInFiles.Write(ctx, transformer);
        InferenceInFiles.Write(ctx.Writer, transformer.Inference);
        ctx.SaveBinaryStream(Graph, writer => transformer.Network.CopyTo(writer.BaseStream));
    }
}

/// <summary>Reads what <see cref="OnnxModelFiles"/> wrote; ML.NET finds <c>Create</c> by its name and parameters.</summary>
internal static class OnnxReader
{
    private static OnnxSemanticSegmentationTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(OnnxModelFiles.Version);
        var (columns, batchSize) = SegmentationInFiles.Read(ctx);
        var inference = InferenceInFiles.Read(ctx.Reader);
        OnnxModelFiles.CheckDevice(env);
        var network = SegmentationInFiles.ReadStream(ctx, OnnxModelFiles.Graph, graph => Load(env, graph));
        var faults = network.FindFaults(columns.Outputs, inference);
        if (faults.Count == 0)
            return new OnnxSemanticSegmentationTransformer(network, columns, batchSize, inference);
        network.Dispose();
        throw new FormatException($"Corrupt model file: {string.Join(' ', faults)}");
    }

    private static OnnxNetwork Load(IHostEnvironment env, Stream graph)
    {
        try
        {
            return OnnxNetwork.Open(OnnxFile.Copy(graph, SegmentationInFiles.TemporaryFolderOf(env)), threads: null);
        }
        catch (InvalidDataException e)
        {
            throw SegmentationInFiles.Damaged(OnnxModelFiles.Graph, e);
        }
    }
}
