using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Pipeline.Columns;
using SamSegmentation.ML.Pipeline.Loading;

namespace Microsoft.ML;

/// <summary>Semantic segmentation in ML.NET: data views of photographs with masks, trainers, transforms and the evaluator.</summary>
public sealed class SegmentationCatalog
{
    internal SegmentationCatalog(MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        AnyImage.Register();
        Context = context;
        Trainers = new SegmentationTrainersCatalog(context);
        Transforms = new SegmentationTransformsCatalog();
    }

    /// <summary>Trainers: the package SamSegmentation.ML adds Sam.</summary>
    public SegmentationTrainersCatalog Trainers { get; }

    /// <summary>Transforms of class ids: coloured masks and overlays.</summary>
    public SegmentationTransformsCatalog Transforms { get; }

    /// <summary>The context, for the parts of this catalog that other assemblies add.</summary>
    internal MLContext Context { get; }

    /// <summary>Opens a split of PASCAL VOC 2012 as a data view.</summary>
    /// <remarks>
    /// <para>
    /// Opening reads every file once to check it. Then photographs and masks are decoded row by row, and only those of
    /// columns that are asked for. The rows can be shuffled.
    /// </para>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type and content</description></listheader>
    /// <item><term>Id</term><description>Text: VOC's image id.</description></item>
    /// <item><term>Image</term><description>MLImage of any size: the photograph.</description></item>
    /// <item><term>Label</term><description>
    /// Vector of Byte: class ids row by row, 255 for void; UInt16 and 65,535 with more than 255 classes. The classes' names
    /// are its annotation <c>KeyValues</c>.
    /// </description></item>
    /// <item><term>Height, Width</term><description>Int32: the size of both in pixels.</description></item>
    /// <item><term>ImagePath, LabelPath</term><description>Text: the files.</description></item>
    /// </list>
    /// </remarks>
    /// <param name="path">The VOC2012 folder, or the VOCdevkit that holds it.</param>
    /// <param name="split">Which list.</param>
    /// <param name="options">How pairs are checked; null for the defaults, where one bad pair is an error.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>The rows in the list's order.</returns>
    /// <exception cref="DatasetException">There is no VOC 2012, its list is missing or empty, or samples are bad.</exception>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public IDataView LoadVoc(string path, VocSplit split, DatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        Load(SegmentationDataset.OpenVoc(path, split, options, cancellationToken));

    /// <summary>Opens a folder of photographs and a folder of masks as a data view.</summary>
    /// <remarks>The columns are those of <see cref="LoadVoc"/>.</remarks>
    /// <param name="imageFolder">The photographs (PNG, JPEG), for example <c>img/train</c>.</param>
    /// <param name="labelFolder">The masks (PNG), for example <c>ann/train</c>; it may be the same.</param>
    /// <param name="classes">The classes that the masks' ids stand for.</param>
    /// <param name="options">How names pair, whether masks are painted in colours, how pairs are checked; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>The rows in the order of their ids (ordinal).</returns>
    /// <exception cref="ArgumentException">The options name no suffix, or nothing tells photographs from masks.</exception>
    /// <exception cref="DatasetException">A folder is missing, there are no photographs, or samples are bad.</exception>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public IDataView LoadFolder(
        string imageFolder, string labelFolder, ClassList classes, FolderOptions? options = null, CancellationToken cancellationToken = default) =>
        Load(SegmentationDataset.OpenFolder(imageFolder, labelFolder, classes, options, cancellationToken));

    /// <summary>Gives a dataset that was opened as a data view.</summary>
    /// <remarks>The columns are those of <see cref="LoadVoc"/>.</remarks>
    /// <param name="dataset">The dataset.</param>
    /// <returns>The rows in the dataset's order.</returns>
    public IDataView Load(SegmentationDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new SegmentationDataView(dataset);
    }

    /// <summary>Measures predictions against the truth, in one pass and constant memory.</summary>
    /// <remarks>
    /// Both columns may hold vectors of Byte or UInt16 (class ids row by row), masks as MLImage, or the paths of mask
    /// files as text. Pixels that are truly void (255, or 65,535 with more than 255 classes) do not count.
    /// </remarks>
    /// <param name="data">Rows with both columns.</param>
    /// <param name="labelColumnName">The true class ids.</param>
    /// <param name="predictedLabelColumnName">The predicted class ids.</param>
    /// <param name="classNames">
    /// The classes' names; null takes those that the columns carry as annotations, which must not differ.
    /// </param>
    /// <param name="labelColors">
    /// The classes' colours, for masks that are painted in them; null for masks of ids: palette indices or grey values in
    /// files, grey values in MLImages.
    /// </param>
    /// <returns>The metrics.</returns>
    /// <exception cref="ArgumentException">A column is missing or of a wrong type, nothing names the classes, or the columns have different ones.</exception>
    /// <exception cref="SegmentationDataException">
    /// A row's value cannot be used: a file that cannot be read, sizes that differ, an id that is no class.
    /// </exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public SegmentationMetrics Evaluate(
        IDataView data,
        string labelColumnName = "Label",
        string predictedLabelColumnName = "PredictedLabel",
        IReadOnlyList<string>? classNames = null,
        ColorMap? labelColors = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return SegmentationEvaluator.Evaluate(data, labelColumnName, predictedLabelColumnName, classNames, labelColors);
    }

    /// <summary>Trains on all folds but one and measures on that one, for each fold in turn.</summary>
    /// <param name="data">All rows.</param>
    /// <param name="estimator">What is trained: a trainer, or a chain that ends in predicted class ids.</param>
    /// <param name="numberOfFolds">At least 2.</param>
    /// <param name="labelColumnName">The true class ids.</param>
    /// <param name="predictedLabelColumnName">The predicted class ids.</param>
    /// <param name="samplingKeyColumnName">Rows that have the same value in this column come into the same fold; null for none.</param>
    /// <param name="seed">Decides the folds; null for the context's seed.</param>
    /// <param name="classNames">The classes' names, as for <see cref="Evaluate"/>.</param>
    /// <param name="labelColors">The classes' colours in masks, as for <see cref="Evaluate"/>.</param>
    /// <returns>A result a fold. Each holds its model, and with it the whole network, until that is disposed.</returns>
    /// <exception cref="ArgumentException">A column is missing or of a wrong type.</exception>
    /// <exception cref="SegmentationDataException">A row's value cannot be used.</exception>
    public IReadOnlyList<SegmentationCrossValidationResult> CrossValidate(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5,
        string labelColumnName = "Label",
        string predictedLabelColumnName = "PredictedLabel",
        string? samplingKeyColumnName = null,
        int? seed = null,
        IReadOnlyList<string>? classNames = null,
        ColorMap? labelColors = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        var results = new List<SegmentationCrossValidationResult>();
        var models = new List<ITransformer>();
        try
        {
            foreach (var split in Context.Data.CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed))
            {
                var model = estimator.Fit(split.TrainSet);
                models.Add(model);
                var scored = model.Transform(split.TestSet);
                results.Add(new(results.Count, model, Evaluate(scored, labelColumnName, predictedLabelColumnName, classNames, labelColors), scored));
            }
            return results;
        }
        catch
        {
            models.ForEach(model => (model as IDisposable)?.Dispose());
            throw;
        }
    }
}
