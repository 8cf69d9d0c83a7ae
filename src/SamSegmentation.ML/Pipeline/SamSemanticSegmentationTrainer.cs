using Microsoft.Extensions.Options;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Pipeline.Columns;
using SamSegmentation.ML.Pipeline.Fitting;
using SamSegmentation.ML.Pipeline.Saving;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Runs;

namespace SamSegmentation.ML.Pipeline;

/// <summary>Fine-tunes Segment Anything for semantic segmentation.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Property</term><description>Value</description></listheader>
/// <item><term>Machine learning task</term><description>Semantic segmentation</description></item>
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>Yes</description></item>
/// <item><term>Is normalization required?</term><description>No: images are prepared as the network needs them</description></item>
/// <item><term>Is caching required?</term><description>No: the data view is passed over once, embeddings are cached on disk</description></item>
/// <item><term>Input column data type</term><description>
/// Images: MLImage or Text (a path). Labels: Vector of Byte or UInt16, MLImage or Text (a path).
/// </description></item>
/// <item><term>Output column data type</term><description>See <see cref="SamSemanticSegmentationTransformer"/></description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>
/// SamSegmentation.ML, and TorchSharp-cpu, TorchSharp-cuda-windows or TorchSharp-cuda-linux
/// </description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// <para>
/// <see cref="Fit"/> passes over the data view once, whatever the number of epochs, and holds a few images at a time. Each
/// epoch is one Info message in the context's log.
/// </para>
/// </remarks>
public sealed class SamSemanticSegmentationTrainer : IEstimator<SamSemanticSegmentationTransformer>
{
    private readonly MLContext _context;
    private readonly IHost _host;

    internal SamSemanticSegmentationTrainer(MLContext context, SamTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var validation = new SamTrainerOptionsValidator().Validate(null, options);
        if (validation.Failed)
            throw new OptionsValidationException(nameof(SamTrainerOptions), typeof(SamTrainerOptions), validation.Failures);
        _context = context;
        _host = ((IHostEnvironment)context).Register(nameof(SamSemanticSegmentationTrainer));
        Options = options;
    }

    /// <summary>How it trains.</summary>
    public SamTrainerOptions Options { get; }

    /// <summary>The columns of a schema's shape with those that the model adds.</summary>
    /// <param name="inputSchema">The columns below.</param>
    /// <returns>All of them and the added ones.</returns>
    /// <exception cref="ArgumentException">A column is missing or of a wrong type; the message says which and why.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ShapeColumn.CheckImage(inputSchema, Options.ImageColumnName);
        var label = ShapeColumn.CheckLabel(inputSchema, Options.LabelColumnName);
        var isWide = Options.ClassNames is { } names ? LabelVector.IsWide(names.Count) : label.ItemType == NumberDataViewType.UInt16;
        var columns = SamTrainerOptionsRules.ColumnsOf(Options);
        var added = new List<SchemaShape.Column>
        {
            ShapeColumn.NewVector(columns.PredictedLabel, isWide ? NumberDataViewType.UInt16 : NumberDataViewType.Byte, ClassNames.OfLabels),
            ShapeColumn.New(columns.PredictedHeight, NumberDataViewType.Int32),
            ShapeColumn.New(columns.PredictedWidth, NumberDataViewType.Int32),
        };
        if (columns.Outputs.HasFlag(SegmentationOutputs.Score))
            added.Add(ShapeColumn.NewVector(columns.Score, NumberDataViewType.Single, ClassNames.OfScores));
        if (columns.Outputs.HasFlag(SegmentationOutputs.MaskImage))
            added.Add(ShapeColumn.New(columns.PredictedMaskImage, AnyImage.Type));
        if (columns.Outputs.HasFlag(SegmentationOutputs.Overlay))
            added.Add(ShapeColumn.New(columns.PredictedOverlay, AnyImage.Type));
        return ShapeColumn.Add(inputSchema, added);
    }

    /// <summary>Trains a network.</summary>
    /// <param name="input">The training set: rows with photographs and class ids.</param>
    /// <returns>The trained model, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">A column is missing or of a wrong type, or nothing names the classes.</exception>
    /// <exception cref="SegmentationDataException">A row's value cannot be used; the message says which column, row and why.</exception>
    /// <exception cref="CheckpointFormatException">The checkpoint is damaged.</exception>
    /// <exception cref="CheckpointMismatchException">The checkpoint does not fit the options.</exception>
    /// <exception cref="InsufficientMemoryException">The device's memory is too small for one image at a time, or for the optimiser.</exception>
    /// <exception cref="InvalidOperationException">A data view is empty, or the device is not there.</exception>
    /// <exception cref="ResumeException">The run in the workspace was begun with other options or data, or nothing sound is left of it.</exception>
    /// <exception cref="OperationCanceledException">The options' token ended it; checkpoints and cache stay on disk.</exception>
    public SamSemanticSegmentationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var names = FindClassNames(input.Schema);
        var rows = new LabeledRows(Options.ImageColumnName, Options.LabelColumnName, Options.LabelColors, names.Count);
        rows.Check(input.Schema);
        if (Options.ValidationSet is not null)
            rows.Check(Options.ValidationSet.Schema);
        Options.CancellationToken.ThrowIfCancellationRequested();

        using var log = _host.Start(nameof(Fit));
        var seed = Options.Seed ?? ModelFiles.SeedOf(_context) ?? (Options.Resume ? RunFolder.SeedOf(Options.WorkspacePath!) : null) ?? Random.Shared.Next();
        var device = Options.Device ?? ContextDevice.NameOf(_context.GpuDeviceId, _context.FallbackToCpu, text => log.Warning(MessageSensitivity.None, text));
        var network = StartingNetwork.Create(Options, names.Count, seed);
        try
        {
            var training = SamTrainerOptionsRules.TrainingOptionsOf(Options, seed, device);
            log.Info(MessageSensitivity.None, $"The network is an image encoder with the head {network.Head} on {device}");
            log.Info(MessageSensitivity.None, $"Training {training.Trained} of a network for {names.Count} classes on {device}, seed {seed}; what is computed once per image and cached: {training.DecideCachedInputs()}, {training.Augmentation.Views} view(s) of each");
            var (trainingSet, validationSet) = Split(input, seed);
            using var progress = _host.StartProgressChannel(nameof(Fit));
            var result = new SegmentationTrainer(network, names, training).Train(
                rows.Read(trainingSet, "training"),
                validationSet is null ? null : rows.Read(validationSet, "validation"),
                new FitReport(log, progress, Options.MetricsCallback),
                Options.CancellationToken);
            if (result.Cancelled)
                throw new OperationCanceledException($"Training was cancelled after {result.Steps} steps, {result.Epochs.Count} epochs.", Options.CancellationToken);
            log.Info(MessageSensitivity.None, result.BestEpoch is { } best ? $"Trained for {result.Steps} steps; best epoch {best}" : $"Trained for {result.Steps} steps");
            return ToTransformer(network, names, device);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private IReadOnlyList<string> FindClassNames(DataViewSchema schema)
    {
        var label = LabelColumn.Find(schema, Options.LabelColumnName);
        return Options.ClassNames ?? ClassNames.Find(label)
            ?? throw new ArgumentException(
                $"The label column '{label.Name}' does not carry the classes' names (annotation {ClassNames.OfLabels}); give them by {nameof(SamTrainerOptions)}.{nameof(Options.ClassNames)}.");
    }

    private (IDataView Training, IDataView? Validation) Split(IDataView input, int seed)
    {
        if (Options.ValidationSetFraction is not { } fraction)
            return (input, Options.ValidationSet);
        // Each half passes the other's rows without reading their images.
        var split = _context.Data.TrainTestSplit(input, fraction, seed: seed);
        return (split.TrainSet, split.TestSet);
    }

    private SamSemanticSegmentationTransformer ToTransformer(Modeling.SemanticSam network, IReadOnlyList<string> names, string device)
    {
        network.eval();
        var model = new SegmentationModel(network, new SavedModelInfo
        {
            Config = network.Config,
            Head = network.Head,
            ClassNames = [.. names],
            Preprocessing = Options.Preprocessing.ToString(),
        });
        return new SamSemanticSegmentationTransformer(
            model, SamTrainerOptionsRules.ColumnsOf(Options), DeviceName.Resolve(device), Options.PredictionBatchSize, FindEncoder(), Options.Inference,
            ModelFiles.WarnIn(_context));
    }

    private EncoderFile? FindEncoder()
    {
        if (Options.SaveEncoder)
            return null;
        using var checkpoint = Checkpoint.Open(Options.Checkpoint!);
        return new EncoderFile(Path.GetFullPath(Options.Checkpoint!), checkpoint.Sha256());
    }
}
