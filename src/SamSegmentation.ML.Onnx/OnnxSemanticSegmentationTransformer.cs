using Microsoft.ML;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Onnx.Saving;
using SamSegmentation.ML.Onnx.Scoring;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Pipeline.Scoring;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Onnx;

/// <summary>A network in an ONNX file that adds class ids to rows of photographs, run by ONNX Runtime on the CPU.</summary>
/// <inheritdoc cref="SegmentationTransformer" path="/remarks"/>
public sealed class OnnxSemanticSegmentationTransformer : SegmentationTransformer
{
    private readonly OnnxNetwork _network;

    internal OnnxSemanticSegmentationTransformer(
        OnnxNetwork network, SegmentationColumns columns, int batchSize, InferenceOptions inference, OnnxSemanticSegmentationTransformer? owner = null)
        : base(columns, network.Metadata.ClassNames, batchSize, inference, owner) => _network = network;

    /// <summary>What the file says of itself.</summary>
    public OnnxMetadata Metadata => _network.Metadata;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => _network.Metadata.Preprocessing;

    internal override ColorMap Colors => _network.Metadata.Colors;

    /// <summary>The network, for whoever saves it.</summary>
    internal OnnxNetwork Network => _network;

    /// <inheritdoc/>
    public override OnnxSemanticSegmentationTransformer WithInference(InferenceOptions inference)
    {
        ArgumentNullException.ThrowIfNull(inference);
        ThrowIfDisposed();
        IReadOnlyList<OptionFault> faults = [.. inference.FindFaults(), .. _network.FindFaults(ColumnNames.Outputs, inference)];
        return faults.Count == 0
            ? new OnnxSemanticSegmentationTransformer(_network, ColumnNames, BatchSize, inference, owner: this)
            : throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(inference));
    }

    internal override ImageScorer CreateScorer()
    {
        ThrowIfDisposed();
        var withProbabilities = ColumnNames.Outputs.HasFlag(SegmentationOutputs.Score);
        return _network.Metadata.Form == OnnxForm.Complete
            ? new CompleteScorer(_network, withProbabilities, ThrowIfDisposed)
            : new NetworkScorer(_network, Inference, withProbabilities, ThrowIfDisposed);
    }

    internal override void Save(ModelSaveContext ctx) => OnnxModelFiles.Save(this, ctx);

    internal override void DisposeNetwork() => _network.Dispose();
}
