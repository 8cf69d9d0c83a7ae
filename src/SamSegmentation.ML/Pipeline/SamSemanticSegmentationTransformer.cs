using Microsoft.ML;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Modeling.Memory;
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
    private readonly int? _askedBatchSize;
    private readonly Action<ReducedBatch>? _reduced;

    // Shared by all cursors: what one finds out about the device's memory need not be found out again.
    private readonly SegmentationPredictor _predictor;

    /// <param name="model">The network with its description.</param>
    /// <param name="columns">The columns that are read and added.</param>
    /// <param name="device">The device of the network.</param>
    /// <param name="batchSize">Rows that the network takes at once; null for as many as suit the device.</param>
    /// <param name="encoder">The checkpoint of the encoder, when the saved model is to leave it out.</param>
    /// <param name="inference">How the network looks at an image.</param>
    /// <param name="reduced">Told where the network takes fewer rows at once, because they did not fit the device's memory.</param>
    /// <param name="owner">The transformer that owns the network; null for this one.</param>
    internal SamSemanticSegmentationTransformer(
        SegmentationModel model, SegmentationColumns columns, torch.Device device, int? batchSize, EncoderFile? encoder,
        InferenceOptions? inference = null, Action<ReducedBatch>? reduced = null, SamSemanticSegmentationTransformer? owner = null)
        : base(columns, model.Info.ClassNames, batchSize ?? SegmentationPredictor.DefaultBatchSize(device), inference ?? InferenceOptions.Default, owner)
    {
        (_model, _device, _askedBatchSize, _reduced) = (model, device, batchSize, reduced);
        Encoder = encoder;
        _predictor = new SegmentationPredictor(model.Network, Preprocessing, device)
        {
            Inference = Inference,
            // Of images that take several passes, whose logits are not kept.
            BatchSize = BatchSize,
            WithProbabilities = columns.Outputs.HasFlag(SegmentationOutputs.Score),
            OnReduced = reduced,
        };
    }

    /// <summary>The network's dimensions.</summary>
    public SamConfig Config => _model.Info.Config;

    /// <summary>The network's semantic head.</summary>
    public HeadConfig Head => _model.Info.Head;

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => _model.Preprocessing;

    /// <summary>Whether <see cref="ModelOperationsCatalog.Save(ITransformer, DataViewSchema, string)"/> stores the image encoder too.</summary>
    public bool SavesEncoder => Encoder is null;

    /// <summary>
    /// The number format in which the image encoder multiplies: how it computes, no part of what is saved. The network has it,
    /// and so have all that share the network (<see cref="WithInference"/>); not to be changed while rows are read.
    /// </summary>
    /// <value>After fitting <see cref="SamTrainerOptions.EncoderPrecision"/>, after loading <see cref="Modeling.EncoderPrecision.Float32"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">There is no such precision.</exception>
    /// <exception cref="InvalidOperationException">The device does not compute in it.</exception>
    /// <exception cref="ObjectDisposedException">The transformer is disposed.</exception>
    public EncoderPrecision EncoderPrecision
    {
        get => _model.Network.image_encoder.Precision;
        set
        {
            ThrowIfDisposed();
            value.Check(_device);
            _model.Network.image_encoder.Precision = value;
        }
    }

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
            ? new SamSemanticSegmentationTransformer(_model, ColumnNames, _device, _askedBatchSize, Encoder, inference, _reduced, owner: this)
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
        return new PredictorScorer(_predictor, ThrowIfDisposed);
    }

    internal override int SavedBatchSize => _askedBatchSize ?? 0;

    internal override void Save(ModelSaveContext ctx) => ModelFiles.Save(this, ctx);

    internal override void DisposeNetwork() => _model.Dispose();
}
