using Microsoft.ML;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Pipeline.Saving;
using SamSegmentation.ML.Pipeline.Scoring;
using SamSegmentation.ML.Prediction;
using TorchSharp;

namespace SamSegmentation.ML.Pipeline;

/// <summary>A trained Segment Anything network that adds class ids to rows of photographs.</summary>
/// <inheritdoc cref="SegmentationTransformer" path="/remarks"/>
public sealed class SamSemanticSegmentationTransformer : SegmentationTransformer
{
    private readonly SegmentationModel _model;
    private readonly torch.Device _device;

    internal SamSemanticSegmentationTransformer(
        SegmentationModel model, SegmentationColumns columns, torch.Device device, int batchSize, EncoderFile? encoder,
        InferenceOptions? inference = null, SamSemanticSegmentationTransformer? owner = null)
        : base(columns, model.Info.ClassNames, batchSize, inference ?? InferenceOptions.Default, owner)
    {
        _model = model;
        _device = device;
        Encoder = encoder;
    }

    /// <summary>The network's dimensions.</summary>
    public SamConfig Config => _model.Info.Config;

    /// <summary>The network's semantic head.</summary>
    public HeadConfig Head => _model.Info.Head;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => _model.Preprocessing;

    /// <summary>Whether <see cref="ModelOperationsCatalog.Save(ITransformer, DataViewSchema, string)"/> stores the image encoder too.</summary>
    public bool SavesEncoder => Encoder is null;

    /// <summary>The checkpoint that holds the image encoder, when the saved model is to leave it out.</summary>
    internal EncoderFile? Encoder { get; }

    /// <summary>The network with its description.</summary>
    internal SegmentationModel Model => _model;

    /// <inheritdoc/>
    public override SamSemanticSegmentationTransformer WithInference(InferenceOptions inference)
    {
        ArgumentNullException.ThrowIfNull(inference);
        ThrowIfDisposed();
        var faults = inference.FindFaults();
        return faults.Count == 0
            ? new SamSemanticSegmentationTransformer(_model, ColumnNames, _device, BatchSize, Encoder, inference, owner: this)
            : throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(inference));
    }

    /// <summary>What the saved weights say of themselves.</summary>
    internal SavedModelInfo InfoToSave() => SavesEncoder
        ? _model.Info with { Parts = null, EncoderHash = null }
        : _model.Info.WithoutEncoder(_model.Network, WeightsHash.Compute(_model.Network.image_encoder));

    /// <summary>What runs the network for one cursor or row.</summary>
    internal override ImageScorer CreateScorer()
    {
        ThrowIfDisposed();
        var predictor = new SegmentationPredictor(_model.Network, Preprocessing, _device)
        {
            Inference = Inference,
            // Of images that take several passes, whose logits are not kept.
            BatchSize = BatchSize,
            WithProbabilities = ColumnNames.Outputs.HasFlag(SegmentationOutputs.Score),
        };
        return new PredictorScorer(predictor, ThrowIfDisposed);
    }

    internal override void Save(ModelSaveContext ctx) => ModelFiles.Save(this, ctx);

    internal override void DisposeNetwork() => _model.Dispose();
}
