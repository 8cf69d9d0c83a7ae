using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Prediction;

namespace Microsoft.ML;

/// <summary>Exports trained networks as ONNX files, for programs without libtorch.</summary>
public static class OnnxExportCatalogExtensions
{
    /// <summary>Writes a trained network as an ONNX file.</summary>
    /// <param name="catalog">The context's catalog.</param>
    /// <param name="model">The transformer, or a chain of transformers of which one is it. It stays as it is.</param>
    /// <param name="path">The file; missing folders are made, an existing file is replaced once the new one is whole.</param>
    /// <param name="options">Which part of the network and how; null for the defaults.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ArgumentException">
    /// The model has not exactly one network, or looks at an image several times, or some options cannot be used; all faults are listed.
    /// </exception>
    /// <exception cref="ArithmeticException">A weight is not finite, or too large for float16.</exception>
    /// <exception cref="InvalidOperationException">The file would be larger than the format allows (2 GiB).</exception>
    /// <exception cref="ObjectDisposedException">The transformer is disposed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static OnnxExportResult ExportOnnx(this SegmentationCatalog catalog, ITransformer model, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var (network, info) = NetworkOf(model);
        return OnnxExporter.Export(network, info, path, options);
    }

    /// <summary>Writes a trained network as an ONNX file into a stream.</summary>
    /// <param name="catalog">The context's catalog.</param>
    /// <param name="model">The transformer, or a chain of transformers of which one is it. It stays as it is.</param>
    /// <param name="stream">Where the file's bytes go; it stays open.</param>
    /// <param name="options">Which part of the network and how; null for the defaults.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ArgumentException">
    /// The model has not exactly one network, or looks at an image several times, or some options cannot be used; all faults are listed.
    /// </exception>
    /// <exception cref="ArithmeticException">A weight is not finite, or too large for float16.</exception>
    /// <exception cref="InvalidOperationException">The file would be larger than the format allows (2 GiB).</exception>
    /// <exception cref="ObjectDisposedException">The transformer is disposed.</exception>
    public static OnnxExportResult ExportOnnx(this SegmentationCatalog catalog, ITransformer model, Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var (network, info) = NetworkOf(model);
        return OnnxExporter.Export(network, info, stream, options);
    }

    private static (SemanticSam Network, SavedModelInfo Info) NetworkOf(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var found = Steps(model).OfType<SamSemanticSegmentationTransformer>().ToList();
        if (found.Count != 1)
        {
            throw new ArgumentException(
                $"An ONNX file takes one trained network; {model.GetType().Name} has {found.Count}: expected a {nameof(SamSemanticSegmentationTransformer)}, or a chain with one.",
                nameof(model));
        }
        found[0].ThrowIfDisposed();
        if (!found[0].Inference.IsSinglePass)
        {
            throw new ArgumentException(
                $"The model looks at an image several times ({found[0].Inference}), which an ONNX graph does not; export {nameof(SamSemanticSegmentationTransformer.WithInference)}({nameof(InferenceOptions)}.{nameof(InferenceOptions.Default)}).",
                nameof(model));
        }
        return (found[0].Model.Network, found[0].Model.Info);
    }

    private static IEnumerable<ITransformer> Steps(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [model];
}
