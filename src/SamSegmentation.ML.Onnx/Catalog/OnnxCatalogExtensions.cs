using SamSegmentation.ML;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Onnx.Saving;
using SamSegmentation.ML.Onnx.Scoring;
using SamSegmentation.ML.Pipeline.Saving;

namespace Microsoft.ML;

/// <summary>Brings networks in ONNX files to <see cref="SegmentationCatalog"/>.</summary>
public static class OnnxCatalogExtensions
{
    /// <summary>Opens a network that was exported as an ONNX file, as a transformer that is used as the trained one is.</summary>
    /// <remarks>
    /// A file of the form <see cref="OnnxForm.Network"/> takes images of any size and gives what the trained network gives, up to
    /// rounding; one of the form <see cref="OnnxForm.Complete"/> takes images of the size that it was exported for. The file
    /// stays open, and must stay as it is, until the transformer is disposed.
    /// </remarks>
    /// <param name="catalog">The context's catalog.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Columns, expected classes, and how it is run; null for the defaults.</param>
    /// <returns>The transformer, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">Some options cannot be used, or not with this file, or it has other classes than they say; all faults are listed.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX file, a damaged one, not one that this library exported, or of a form that cannot be run alone.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime's native library is missing, or the context insists on a GPU.</exception>
    public static OnnxSemanticSegmentationTransformer LoadOnnx(this SegmentationCatalog catalog, string path, OnnxSegmentationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Load(catalog, options, () => OnnxFile.Open(path));
    }

    /// <summary>Opens a network that was exported as an ONNX file, out of a stream.</summary>
    /// <remarks>As the overload for a file. The stream's rest is copied to a temporary file, which goes when the transformer is disposed.</remarks>
    /// <param name="catalog">The context's catalog.</param>
    /// <param name="stream">The file's content; it stays open.</param>
    /// <param name="options">Columns, expected classes, and how it is run; null for the defaults.</param>
    /// <returns>The transformer, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">Some options cannot be used, or not with this file, or it has other classes than they say; all faults are listed.</exception>
    /// <exception cref="IOException">The stream cannot be read or the temporary file not be written.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX file, a damaged one, not one that this library exported, or of a form that cannot be run alone.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime's native library is missing, or the context insists on a GPU.</exception>
    public static OnnxSemanticSegmentationTransformer LoadOnnx(this SegmentationCatalog catalog, Stream stream, OnnxSegmentationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(stream);
        return Load(catalog, options, () => OnnxFile.Copy(stream, SegmentationInFiles.TemporaryFolderOf(catalog.Context)));
    }

    private static OnnxSemanticSegmentationTransformer Load(SegmentationCatalog catalog, OnnxSegmentationOptions? options, Func<OnnxFile> open)
    {
        options ??= OnnxSegmentationOptions.Default;
        Check(options.FindFaults());
        OnnxModelFiles.CheckDevice(catalog.Context);
        var network = OnnxNetwork.Open(open(), options.ThreadCount);
        try
        {
            Check([.. network.FindFaults(options.Columns.Outputs, options.Inference), .. FindClassFaults(network, options.ClassNames)]);
            return new OnnxSemanticSegmentationTransformer(network, options.Columns, options.BatchSize, options.Inference);
        }
        catch
        {
            network.Dispose();
            throw;
        }

        static void Check(IReadOnlyList<OptionFault> faults)
        {
            if (faults.Count > 0)
                throw new ArgumentException($"The ONNX file cannot be loaded so:{string.Concat(faults.Select(fault => $"{Environment.NewLine}- {fault}"))}", nameof(options));
        }
    }

    private static IEnumerable<OptionFault> FindClassFaults(OnnxNetwork network, IReadOnlyList<string>? expected)
    {
        if (expected is null)
            yield break;
        var found = network.Metadata.ClassNames;
        if (found.Count != expected.Count)
            yield return new OptionFault(nameof(OnnxSegmentationOptions.ClassNames), $"'{network.Name}' has {found.Count} classes; expected {expected.Count}.");
        for (var id = 0; id < Math.Min(found.Count, expected.Count); id++)
        {
            if (found[id] != expected[id])
                yield return new OptionFault(nameof(OnnxSegmentationOptions.ClassNames), $"class {id} of '{network.Name}' is '{found[id]}'; expected '{expected[id]}'.");
        }
    }
}
