using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline.Columns;
using SamSegmentation.ML.Pipeline.Scoring;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Pipeline;

/// <summary>A trained network that adds class ids to rows of photographs, whatever runs it.</summary>
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
public abstract class SegmentationTransformer : ITransformer, IDisposable
{
    // The transformer that owns the network, when it is another one.
    private readonly SegmentationTransformer? _owner;
    private volatile bool _disposed;

    /// <param name="columns">The columns that are read and added.</param>
    /// <param name="classNames">The classes' names; a name's index is the class id.</param>
    /// <param name="batchSize">Rows that the network takes at once; at least 1.</param>
    /// <param name="inference">How the network looks at an image.</param>
    /// <param name="owner">The transformer that owns the network; null for this one.</param>
    private protected SegmentationTransformer(
        SegmentationColumns columns, IReadOnlyList<string> classNames, int batchSize, InferenceOptions inference, SegmentationTransformer? owner)
    {
        AnyImage.Register();
        ColumnNames = columns;
        ClassNames = classNames;
        BatchSize = batchSize;
        Inference = inference;
        _owner = owner;
    }

    /// <summary>The columns that are read and added.</summary>
    public SegmentationColumns ColumnNames { get; }

    /// <summary>The classes' names; a name's index is the class id.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How images are brought to the network's size.</summary>
    public abstract Preprocessing Preprocessing { get; }

    /// <summary>Rows that the network takes at once in <see cref="Transform"/>.</summary>
    public int BatchSize { get; }

    /// <summary>How often, and at which sizes, the network looks at an image.</summary>
    public InferenceOptions Inference { get; }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>The rows at once that a model file keeps; 0 for as many as suit the device that it is loaded onto.</summary>
    internal virtual int SavedBatchSize => BatchSize;

    /// <summary>The classes' colours.</summary>
    internal virtual ColorMap Colors => ColorMap.OfClasses(ClassNames.Count);

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
    public abstract SegmentationTransformer WithInference(InferenceOptions inference);

    /// <summary>Frees the network, unless it is another transformer's (<see cref="WithInference"/>). What was predicted stays.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        if (_owner is null)
            DisposeNetwork();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ThrowIfDisposed();
        Save(ctx);
    }

    /// <summary>What runs the network for one cursor or row.</summary>
    internal abstract ImageScorer CreateScorer();

    /// <summary>Writes the transformer into a model file.</summary>
    internal abstract void Save(ModelSaveContext ctx);

    /// <summary>Frees the network.</summary>
    internal abstract void DisposeNetwork();

    /// <exception cref="ObjectDisposedException">The transformer, or the one that owns its network, is disposed.</exception>
    internal void ThrowIfDisposed()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _owner?.ThrowIfDisposed();
    }

    private SegmentationMapping Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ThrowIfDisposed();
        return new SegmentationMapping(this, inputSchema);
    }
}
