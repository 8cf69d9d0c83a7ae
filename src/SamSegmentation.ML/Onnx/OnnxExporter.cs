using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.IO;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Onnx.Graphs;
using SamSegmentation.ML.Onnx.Networks;
using SamSegmentation.ML.Onnx.Protos;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Onnx;

/// <summary>
/// Writes a semantic network as an ONNX file (operator set 17, static shapes, one file), for programs without libtorch.
/// </summary>
/// <remarks>
/// The graph is written operator by operator from the network's modules and computes what they do for one image. LoRA is
/// merged into the weights on the way, the network stays as it is. What no image changes (relative positions of attention,
/// the positional encoding, the embedding of "no mask") is held as constants. Weights are written one after the other, so
/// that memory does not grow by their size.
/// </remarks>
public static class OnnxExporter
{
    /// <summary>Exports a network into a file, which appears when it is whole.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="info">Its classes and preprocessing.</param>
    /// <param name="path">The file; missing folders are made, an existing file is replaced.</param>
    /// <param name="options">Which part of it and how; null for the defaults.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ArgumentException">Some options cannot be used, or the description is of another network; all faults are listed.</exception>
    /// <exception cref="ArithmeticException">A weight is not finite, or too large for float16.</exception>
    /// <exception cref="InvalidOperationException">The file would be larger than the format allows (2 GiB).</exception>
    /// <exception cref="NotSupportedException">The head is of a kind that cannot be exported.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static OnnxExportResult Export(SemanticSam network, SavedModelInfo info, string path, OnnxExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Export(network, info, options, write =>
        {
            var bytes = 0L;
            AtomicFile.Write(path, stream => bytes = write(stream));
            return bytes;
        });
    }

    /// <summary>Exports a network into a stream.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="info">Its classes and preprocessing.</param>
    /// <param name="stream">Where the file's bytes go; it stays open and need not be able to seek.</param>
    /// <param name="options">Which part of it and how; null for the defaults.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ArgumentException">Some options cannot be used, or the description is of another network; all faults are listed.</exception>
    /// <exception cref="ArithmeticException">A weight is not finite, or too large for float16.</exception>
    /// <exception cref="InvalidOperationException">The file would be larger than the format allows (2 GiB).</exception>
    /// <exception cref="NotSupportedException">The head is of a kind that cannot be exported.</exception>
    public static OnnxExportResult Export(SemanticSam network, SavedModelInfo info, Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Export(network, info, options, write => write(stream));
    }

    private static OnnxExportResult Export(SemanticSam network, SavedModelInfo info, OnnxExportOptions? options, Func<Func<Stream, long>, long> save)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(info);
        options ??= OnnxExportOptions.Default;
        var faults = FindFaults(network, info, options);
        if (faults.Count > 0)
            throw new ArgumentException($"The network cannot be exported so:{string.Concat(faults.Select(fault => $"{Environment.NewLine}- {fault}"))}", nameof(options));

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var preprocessing = Enum.Parse<Preprocessing>(info.Preprocessing);
        var graph = NetworkGraph.Build(network, preprocessing, options);
        CheckSize(graph, options.Precision);
        var metadata = new OnnxMetadata
        {
            Form = options.Form,
            Precision = options.Precision,
            ClassNames = info.ClassNames,
            Colors = ColorMap.OfClasses(info.ClassNames.Count),
            Preprocessing = preprocessing,
            ImageSize = network.Config.ImageSize,
            Height = options.Form == OnnxForm.Complete ? options.Height ?? network.Config.ImageSize : null,
            Width = options.Form == OnnxForm.Complete ? options.Width ?? network.Config.ImageSize : null,
            NetworkHash = WeightsHash.Compute(network),
            GraphHash = "",
        };
        var bytes = save(stream => GraphFile.Write(stream, graph, hash => (metadata = metadata with { GraphHash = hash }).Write()));
        return new OnnxExportResult(bytes, metadata, [.. graph.Inputs.Select(Describe)], [.. graph.Outputs.Select(Describe)]);
    }

    private static List<OptionFault> FindFaults(SemanticSam network, SavedModelInfo info, OnnxExportOptions options)
    {
        var faults = new List<OptionFault>(options.FindFaults(network.Classes, network.Config.ImageSize));
        if (info.ClassNames.Count != network.Classes)
            faults.Add(nameof(info.ClassNames), $"there are {info.ClassNames.Count} names; the network has {network.Classes} classes.");
        if (!info.Config.Equals(network.Config))
            faults.Add(nameof(info.Config), $"is of another network: expected {network.Config}, found {info.Config}.");
        if (!Enum.GetNames<Preprocessing>().Contains(info.Preprocessing))
            faults.Add(nameof(info.Preprocessing), $"is '{info.Preprocessing}'; it must be one of {string.Join(", ", Enum.GetNames<Preprocessing>())}.");
        return faults;
    }

    /// <summary>Throws if a graph is too large for one file.</summary>
    internal static void CheckSize(Graph graph, OnnxPrecision precision)
    {
        // The metadata of thousands of classes fit into the rest.
        const long Metadata = 1 << 24;
        var size = GraphFile.SizeOf(graph);
        if (size <= GraphFile.MaxBytes - Metadata)
            return;
        var advice = precision == OnnxPrecision.Float32 ? $"Export it as {OnnxPrecision.Float16}, which halves it" : "Export encoder and head apart";
        throw new InvalidOperationException(
            $"The ONNX file would take {size:N0} bytes; a single file of the format ends at {GraphFile.MaxBytes:N0}. {advice} ({nameof(OnnxExportOptions)}).");
    }

    private static OnnxTensorInfo Describe(Value value) => new(
        value.Name,
        value.Type switch
        {
            TensorProto.Types.DataType.Float => "float32",
            TensorProto.Types.DataType.Uint8 => "uint8",
            TensorProto.Types.DataType.Uint16 => "uint16",
            _ => throw new NotSupportedException($"'{value.Name}' is of type {value.Type}."),
        },
        value.Shape);
}
