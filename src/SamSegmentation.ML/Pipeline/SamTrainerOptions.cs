using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Pipeline.Fitting;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Augmentation;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Schedules;

namespace SamSegmentation.ML.Pipeline;

/// <summary>
/// How <see cref="SamSemanticSegmentationTrainer"/> trains. Immutable, and never changed by it. All faults are reported
/// at once, by <see cref="SamTrainerOptionsValidator"/>: when the trainer is made, or when a host validates its options.
/// </summary>
/// <remarks>
/// Everything but <see cref="ValidationSet"/>, <see cref="MetricsCallback"/>, <see cref="Schedule"/> and
/// <see cref="CancellationToken"/> can be bound from configuration; a schedule by <see cref="ScheduleName"/> and
/// <see cref="ScheduleSettings"/>.
/// </remarks>
public sealed record SamTrainerOptions : IValidatableObject
{
    /// <summary>The column of photographs: MLImage, or Text (the paths of PNG and JPEG files).</summary>
    /// <value>The default is <c>Image</c>.</value>
    [Required]
    public string ImageColumnName { get; init; } = "Image";

    /// <summary>The column of class ids: Vector of Byte or UInt16, MLImage, or Text (the paths of mask files).</summary>
    /// <value>The default is <c>Label</c>.</value>
    [Required]
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column of predicted class ids.</summary>
    /// <value>The default is <c>PredictedLabel</c>.</value>
    [Required]
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>The column of the prediction's height.</summary>
    /// <value>The default is <c>PredictedHeight</c>.</value>
    [Required]
    public string PredictedHeightColumnName { get; init; } = "PredictedHeight";

    /// <summary>The column of the prediction's width.</summary>
    /// <value>The default is <c>PredictedWidth</c>.</value>
    [Required]
    public string PredictedWidthColumnName { get; init; } = "PredictedWidth";

    /// <summary>The column of probabilities, when <see cref="Outputs"/> asks for it.</summary>
    /// <value>The default is <c>Score</c>.</value>
    [Required]
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>The column of coloured masks, when <see cref="Outputs"/> asks for it.</summary>
    /// <value>The default is <c>PredictedMaskImage</c>.</value>
    [Required]
    public string PredictedMaskImageColumnName { get; init; } = "PredictedMaskImage";

    /// <summary>The column of overlays, when <see cref="Outputs"/> asks for it.</summary>
    /// <value>The default is <c>PredictedOverlay</c>.</value>
    [Required]
    public string PredictedOverlayColumnName { get; init; } = "PredictedOverlay";

    /// <summary>The columns on request that the model adds.</summary>
    /// <value>The default is <see cref="SegmentationOutputs.None"/>.</value>
    public SegmentationOutputs Outputs { get; init; }

    /// <summary>Rows that the trained model takes at once in <c>Transform</c>; where they do not fit the device's memory, half as many are tried.</summary>
    /// <value>The default is null: what suits the device that the model is on, 1 on a CPU, 8 on a GPU. At least 1.</value>
    [Range(1, int.MaxValue)]
    public int? PredictionBatchSize { get; init; }

    /// <summary>How often, and at which sizes, the trained model looks at an image in <c>Transform</c>; training itself does not heed it.</summary>
    /// <value>The default is <see cref="InferenceOptions.Default"/>: one pass.</value>
    [Required]
    // An instance of its own: binding from configuration writes into the one that is there.
    public InferenceOptions Inference { get; init; } = new();

    /// <summary>The classes' names; a name's index is the class id.</summary>
    /// <value>The default is null: the names that the label column carries as its annotation <c>KeyValues</c>.</value>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The classes' colours, for labels that are masks painted in them.</summary>
    /// <value>The default is null: masks hold ids.</value>
    public ColorMap? LabelColors { get; init; }

    /// <summary>
    /// The weights to start from: SAM's own (<c>sam_vit_b_01ec64.pth</c>), or a semantic network, whose head is taken too
    /// when it is the same, but for the classifier when it has another number of classes.
    /// </summary>
    /// <value>The default is null: random weights of <see cref="Variant"/> or <see cref="Config"/>.</value>
    public string? Checkpoint { get; init; }

    /// <summary>The network's size. With a <see cref="Checkpoint"/> it is the size that the file must have.</summary>
    /// <value>The default is null: what the checkpoint holds.</value>
    public SamVariant? Variant { get; init; }

    /// <summary>Dimensions of a network that is none of the variants.</summary>
    /// <value>The default is null. Excludes <see cref="Variant"/>.</value>
    public SamConfig? Config { get; init; }

    /// <summary>The semantic head. Another head than the checkpoint's starts from random weights on the checkpoint's encoder.</summary>
    /// <value>The default is null: the checkpoint's, which is the mask decoder in SAM's files and where there is no checkpoint.</value>
    public HeadConfig? Head { get; init; }

    /// <summary>Whether a saved model holds the image encoder (375 MB for ViT-B), so that it is whole.</summary>
    /// <value>
    /// The default is true; LoRA's updates are merged into the stored encoder. False stores decoder, adapters and the SHA-256
    /// of <see cref="Checkpoint"/>, which loading then needs; it takes an encoder that is not trained itself.
    /// </value>
    public bool SaveEncoder { get; init; } = true;

    /// <summary>What is trained.</summary>
    /// <value>The default is <see cref="TrainedParts.Decoder"/>.</value>
    public TrainedParts Trained { get; init; } = TrainedParts.Decoder;

    /// <inheritdoc cref="TrainingOptions.Adapters"/>
    // Of its own: a configuration is bound into what is there.
    public AdapterOptions Adapters { get; init; } = new();

    /// <inheritdoc cref="TrainingOptions.Epochs"/>
    public int Epochs { get; init; } = TrainingOptions.Default.Epochs;

    /// <inheritdoc cref="TrainingOptions.BatchSize"/>
    public int BatchSize { get; init; } = TrainingOptions.Default.BatchSize;

    /// <inheritdoc cref="TrainingOptions.MicroBatchSize"/>
    public int? MicroBatchSize { get; init; }

    /// <inheritdoc cref="TrainingOptions.Optimizer"/>
    public OptimizerKind Optimizer { get; init; } = TrainingOptions.Default.Optimizer;

    /// <inheritdoc cref="TrainingOptions.LearningRate"/>
    public double LearningRate { get; init; } = TrainingOptions.Default.LearningRate;

    /// <inheritdoc cref="TrainingOptions.WeightDecay"/>
    public double WeightDecay { get; init; } = TrainingOptions.Default.WeightDecay;

    /// <inheritdoc cref="TrainingOptions.Momentum"/>
    public double? Momentum { get; init; }

    /// <inheritdoc cref="TrainingOptions.Nesterov"/>
    public bool Nesterov { get; init; }

    /// <inheritdoc cref="TrainingOptions.Beta1"/>
    public double Beta1 { get; init; } = TrainingOptions.Default.Beta1;

    /// <inheritdoc cref="TrainingOptions.Beta2"/>
    public double Beta2 { get; init; } = TrainingOptions.Default.Beta2;

    /// <summary>The learning rate as a function of the step, as a factor of the base rates.</summary>
    /// <value>
    /// The default is null: the schedule of <see cref="ScheduleName"/>, and without one a cosine down to 0 after a linear
    /// warm-up of 100 steps.
    /// </value>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>The schedule by its name, one of <see cref="ScheduleFactory.Names"/>, as configuration files give it.</summary>
    /// <value>The default is null. Excludes <see cref="Schedule"/>.</value>
    public string? ScheduleName { get; init; }

    /// <summary>The named schedule's settings, see <see cref="ScheduleFactory.Create"/>.</summary>
    /// <value>The default is null: the schedule's own defaults. Needs <see cref="ScheduleName"/>.</value>
    public IReadOnlyDictionary<string, string>? ScheduleSettings { get; init; }

    /// <inheritdoc cref="TrainingOptions.Parts"/>
    public IReadOnlyDictionary<string, PartOverride> Parts { get; init; } = new Dictionary<string, PartOverride>();

    /// <inheritdoc cref="TrainingOptions.Loss"/>
    public LossOptions Loss { get; init; } = TrainingOptions.Default.Loss;

    /// <inheritdoc cref="TrainingOptions.ClippingNorm"/>
    public double? ClippingNorm { get; init; }

    /// <inheritdoc cref="TrainingOptions.EmaDecay"/>
    public double? EmaDecay { get; init; }

    /// <inheritdoc cref="TrainingOptions.Preprocessing"/>
    public Preprocessing Preprocessing { get; init; } = TrainingOptions.Default.Preprocessing;

    /// <inheritdoc cref="TrainingOptions.Augmentation"/>
    // Of its own: a configuration is bound into what is there.
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Rows on which each epoch is measured; their columns are named as the training set's.</summary>
    /// <value>The default is null. Excludes <see cref="ValidationSetFraction"/>.</value>
    public IDataView? ValidationSet { get; init; }

    /// <summary>The part of the training set, chosen at random by the seed, that is held out for validation.</summary>
    /// <value>The default is null: none. Greater than 0, less than 1.</value>
    public double? ValidationSetFraction { get; init; }

    /// <inheritdoc cref="TrainingOptions.ValidateEvery"/>
    public int ValidateEvery { get; init; } = TrainingOptions.Default.ValidateEvery;

    /// <inheritdoc cref="TrainingOptions.MeasureTraining"/>
    public bool MeasureTraining { get; init; } = TrainingOptions.Default.MeasureTraining;

    /// <inheritdoc cref="TrainingOptions.KeepBest"/>
    public bool KeepBest { get; init; } = TrainingOptions.Default.KeepBest;

    /// <summary>
    /// How many of the best epochs keep a checkpoint of their own in <see cref="WorkspacePath"/>; see <see cref="TrainingOptions.KeepTop"/>.
    /// </summary>
    /// <value>The default is 0; at least 0. Above it needs <see cref="WorkspacePath"/> and a validation set.</value>
    public int KeepTop { get; init; }

    /// <inheritdoc cref="TrainingOptions.KeepTopMetric"/>
    public ValidationMetric KeepTopMetric { get; init; }

    /// <summary>When to stop before the last epoch.</summary>
    /// <value>The default is null: never. Needs a validation set.</value>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Told of each epoch when it has ended, on the thread that calls <c>Fit</c>.</summary>
    /// <value>The default is null.</value>
    public Action<EpochMetrics>? MetricsCallback { get; init; }

    /// <summary>Ends <c>Fit</c> with an <see cref="OperationCanceledException"/> after the step in hand.</summary>
    /// <value>The default never does. What is in <see cref="WorkspacePath"/> and <see cref="CacheFolder"/> stays.</value>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Seed of new weights, of the images' order and of the validation split.</summary>
    /// <value>The default is null: the context's seed; a random one, or with <see cref="Resume"/> the run's, when that is null too.</value>
    public int? Seed { get; init; }

    /// <summary>
    /// Folder for the run's checkpoints, TensorBoard events, JSONL log and report; created when absent. A folder that holds a
    /// run already is refused, unless <see cref="Resume"/> is set.
    /// </summary>
    /// <value>The default is null: nothing is written but the cache.</value>
    public string? WorkspacePath { get; init; }

    /// <summary>
    /// Whether the run that <see cref="WorkspacePath"/> holds goes on where it stood, as if it had never stopped; see
    /// <see cref="TrainingOptions.Resume"/>. Where neither <see cref="Seed"/> nor the context gives a seed, it is that of the run.
    /// </summary>
    /// <value>The default is false. Needs <see cref="WorkspacePath"/>.</value>
    public bool Resume { get; init; }

    /// <inheritdoc cref="TrainingOptions.CheckpointEvery"/>
    public int? CheckpointEvery { get; init; }

    /// <inheritdoc cref="TrainingOptions.ImagesLogged"/>
    public int ImagesLogged { get; init; } = TrainingOptions.Default.ImagesLogged;

    /// <inheritdoc cref="TrainingOptions.ReportImages"/>
    public int ReportImages { get; init; } = TrainingOptions.Default.ReportImages;

    /// <inheritdoc cref="TrainingOptions.LogEvery"/>
    public int LogEvery { get; init; } = TrainingOptions.Default.LogEvery;

    /// <inheritdoc cref="TrainingOptions.CacheFolder"/>
    public string? CacheFolder { get; init; }

    /// <inheritdoc cref="TrainingOptions.ReuseCache"/>
    public bool ReuseCache { get; init; } = TrainingOptions.Default.ReuseCache;

    /// <inheritdoc cref="TrainingOptions.EmbeddingDType"/>
    public EmbeddingDType EmbeddingDType { get; init; } = TrainingOptions.Default.EmbeddingDType;

    /// <inheritdoc cref="TrainingOptions.EncoderBatchSize"/>
    public int? EncoderBatchSize { get; init; }

    /// <summary>
    /// The number format in which the encoder's blocks multiply, in training, for cached embeddings and in the transformer that
    /// <c>Fit</c> returns; a transformer that is loaded computes in float32.
    /// </summary>
    /// <value>The default is <see cref="Modeling.EncoderPrecision.Float32"/>; <see cref="Modeling.EncoderPrecision.Float16"/> is for GPUs.</value>
    public EncoderPrecision EncoderPrecision { get; init; } = TrainingOptions.Default.EncoderPrecision;

    /// <summary>Where the network runs: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <value>
    /// The default is null: the GPU of the context's <see cref="MLContext.GpuDeviceId"/>, or the CPU when that is null. Where
    /// there is no such GPU, <see cref="MLContext.FallbackToCpu"/> decides between the CPU and an error.
    /// </value>
    public string? Device { get; init; }

    /// <inheritdoc cref="TrainingOptions.ThreadCount"/>
    public int? ThreadCount { get; init; }

    /// <summary>Lists every option that cannot be used, beside those that the attributes check.</summary>
    /// <param name="validationContext">Not looked at.</param>
    /// <returns>Empty when the options are sound.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        SamTrainerOptionsRules.FindFaults(this).Select(fault => new ValidationResult(fault.ToString(), [fault.Option]));
}
