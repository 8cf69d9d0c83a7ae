using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Pipeline.Columns;
using SamSegmentation.ML.Pipeline.Saving;
using SamSegmentation.ML.Pipeline.Scoring;
using SamSegmentation.ML.Prediction;
using TorchSharp;

namespace SamSegmentation.ML.Pipeline;

/// <summary>A trained Segment Anything network that adds class ids to rows of photographs.</summary>
/// <remarks>
/// <para>
/// Columns are computed when somebody reads them: one that nobody reads costs nothing, and several of a row cost one pass
/// through the network, or those that <see cref="Inference"/> asks for. <see cref="Transform"/> decodes rows ahead of the network and hands them to it in batches of
/// <see cref="BatchSize"/>. Several cursors, on several threads, may be open at once and give the same results.
/// </para>
/// <list type="table">
/// <listheader><term>Column (default name)</term><description>Type and content</description></listheader>
/// <item><term>Image</term><description>Input. MLImage, or Text: the path of a PNG or JPEG file.</description></item>
/// <item><term>PredictedLabel</term><description>
/// Vector of Byte (UInt16 with more than 255 classes): class ids row by row, at the image's own size. The classes' names
/// are its annotation <c>KeyValues</c>.
/// </description></item>
/// <item><term>PredictedHeight, PredictedWidth</term><description>Int32: the image's own size in pixels.</description></item>
/// <item><term>Score (on request)</term><description>
/// Vector of Single: probabilities, class after class, each height × width row by row; over the classes they add up to 1.
/// The classes' names are its annotation <c>TrainingLabelValues</c>.
/// </description></item>
/// <item><term>PredictedMaskImage (on request)</term><description>MLImage: the classes in PASCAL VOC's colours.</description></item>
/// <item><term>PredictedOverlay (on request)</term><description>MLImage: those colours over the photograph.</description></item>
/// </list>
/// <para>
/// It holds the network's native memory and is to be disposed when no cursor of it is in use any more. A
/// <see cref="PredictionEngine{TSrc, TDst}"/> disposes it unless <see cref="PredictionEngineOptions.OwnsTransformer"/> is
/// false.
/// </para>
/// </remarks>
public sealed class SamSemanticSegmentationTransformer : ITransformer, IDisposable
{
    private readonly SegmentationModel _model;
    private readonly torch.Device _device;

    // The transformer that owns the network, when it is another one.
    private readonly SamSemanticSegmentationTransformer? _owner;
    private volatile bool _disposed;

    internal SamSemanticSegmentationTransformer(
        SegmentationModel model, SegmentationColumns columns, torch.Device device, int batchSize, EncoderFile? encoder,
        InferenceOptions? inference = null, SamSemanticSegmentationTransformer? owner = null)
    {
        AnyImage.Register();
        _model = model;
        _device = device;
        ColumnNames = columns;
        BatchSize = batchSize;
        Encoder = encoder;
        Inference = inference ?? InferenceOptions.Default;
        _owner = owner;
        Colors = model.Info.ClassNames.Count <= ColorMap.Voc.Count ? ColorMap.Voc : ColorMap.CreateVoc(model.Info.ClassNames.Count);
    }

    /// <summary>The columns that are read and added.</summary>
    public SegmentationColumns ColumnNames { get; }

    /// <summary>The classes' names; a name's index is the class id.</summary>
    public IReadOnlyList<string> ClassNames => _model.Info.ClassNames;

    /// <summary>The network's dimensions.</summary>
    public SamConfig Config => _model.Info.Config;

    /// <summary>The network's semantic head.</summary>
    public HeadConfig Head => _model.Info.Head;

    /// <summary>How images are brought to the network's size.</summary>
    public Preprocessing Preprocessing => _model.Preprocessing;

    /// <summary>Rows that the network takes at once in <see cref="Transform"/>.</summary>
    public int BatchSize { get; }

    /// <summary>How often, and at which sizes, the network looks at an image.</summary>
    public InferenceOptions Inference { get; }

    /// <summary>Whether <see cref="ModelOperationsCatalog.Save(ITransformer, DataViewSchema, string)"/> stores the image encoder too.</summary>
    public bool SavesEncoder => Encoder is null;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>The checkpoint that holds the image encoder, when the saved model is to leave it out.</summary>
    internal EncoderFile? Encoder { get; }

    /// <summary>The network with its description.</summary>
    internal SegmentationModel Model => _model;

    /// <summary>The classes' colours.</summary>
    internal ColorMap Colors { get; }

    /// <summary>The columns of a schema with those that are added.</summary>
    /// <param name="inputSchema">The columns below.</param>
    /// <returns>All of them, then the added ones.</returns>
    /// <exception cref="ArgumentException">The image column is missing or of a wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <summary>Adds the predictions' columns to a data view; nothing is computed before a cursor's getter is called.</summary>
    /// <param name="input">Rows with the image column.</param>
    /// <returns>The rows with the added columns.</returns>
    /// <exception cref="ArgumentException">The image column is missing or of a wrong type.</exception>
    /// <exception cref="ObjectDisposedException">The transformer is disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new SegmentedDataView(input, Bind(input.Schema), this);
    }

    /// <summary>Adds the predictions' columns to single rows.</summary>
    /// <param name="inputSchema">The rows' columns.</param>
    /// <returns>The mapper of rows.</returns>
    /// <exception cref="ArgumentException">The image column is missing or of a wrong type.</exception>
    /// <exception cref="ObjectDisposedException">The transformer is disposed.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    /// <summary>The same network with other inference options; it is saved with these.</summary>
    /// <param name="inference">How often, and at which sizes, it looks at an image.</param>
    /// <returns>
    /// A transformer that shares this one's network: the network stays this one's to dispose, and the other can be used
    /// as long as this one is not disposed.
    /// </returns>
    /// <exception cref="ArgumentException">Some of the options cannot be used; all faults are listed.</exception>
    /// <exception cref="ObjectDisposedException">The transformer is disposed.</exception>
    public SamSemanticSegmentationTransformer WithInference(InferenceOptions inference)
    {
        ArgumentNullException.ThrowIfNull(inference);
        ThrowIfDisposed();
        var faults = inference.FindFaults();
        return faults.Count == 0
            ? new SamSemanticSegmentationTransformer(_model, ColumnNames, _device, BatchSize, Encoder, inference, owner: this)
            : throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(inference));
    }

    /// <summary>Frees the network, unless it is another transformer's (<see cref="WithInference"/>). What was predicted stays.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_owner is null)
            _model.Dispose();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ThrowIfDisposed();
        ModelFiles.Save(this, ctx);
    }

    /// <summary>What the saved weights say of themselves.</summary>
    internal SavedModelInfo InfoToSave() => SavesEncoder
        ? _model.Info with { Parts = null, EncoderHash = null }
        : _model.Info.WithoutEncoder(_model.Network, WeightsHash.Compute(_model.Network.image_encoder));

    /// <summary>What runs the network for one cursor or row.</summary>
    internal ImageScorer CreateScorer()
    {
        ThrowIfDisposed();
        var predictor = new SegmentationPredictor(_model.Network, Preprocessing, _device)
        {
            Inference = Inference,
            // Of images that take several passes, whose logits are not kept.
            BatchSize = BatchSize,
            WithProbabilities = ColumnNames.Outputs.HasFlag(SegmentationOutputs.Score),
        };
        return new ImageScorer(predictor, ThrowIfDisposed);
    }

    private SegmentationMapping Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ThrowIfDisposed();
        return new SegmentationMapping(this, inputSchema);
    }

    private void ThrowIfDisposed()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _owner?.ThrowIfDisposed();
    }
}
