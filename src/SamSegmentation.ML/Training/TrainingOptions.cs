using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Training.Augmentation;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Schedules;
using TorchSharp;

namespace SamSegmentation.ML.Training;

/// <summary>
/// How a network is trained. Immutable; the defaults train the whole decoder on cached embeddings. Two starting points:
/// <see cref="Default"/> and <see cref="Reference"/>, to be changed by <c>with { … }</c>.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>The whole decoder, AdamW, a cosine with warm-up, SAM's own preprocessing.</summary>
    public static TrainingOptions Default { get; } = new();

    /// <summary>
    /// SAM_for_Semantic_Segmentation's protocol: the hypernetworks alone, SGD 0.01 with momentum 0.9, half the
    /// cross-entropy, its square stretch without normalisation, batches of 8, 50 epochs. Its cosine schedule is mended:
    /// there, every second epoch had a learning rate of 0.
    /// </summary>
    public static TrainingOptions Reference { get; } = new()
    {
        Trained = TrainedParts.Hypernetworks,
        Optimizer = OptimizerKind.Sgd,
        LearningRate = 0.01,
        Momentum = 0.9,
        WeightDecay = 0,
        Schedule = new CosineSchedule(),
        Preprocessing = Preprocessing.Stretch,
    };

    /// <summary>What the run changes.</summary>
    /// <value>The default is <see cref="TrainedParts.Decoder"/>.</value>
    public TrainedParts Trained { get; init; } = TrainedParts.Decoder;

    /// <summary>The adapters of the image encoder, for <see cref="TrainedParts.DecoderAndAdapters"/>; else to be left alone.</summary>
    /// <value>The default is LoRA of rank 4 in every block.</value>
    public AdapterOptions Adapters { get; init; } = new();

    /// <summary>Passes over the training set.</summary>
    /// <value>The default is 50; at least 1.</value>
    public int Epochs { get; init; } = 50;

    /// <summary>Images a step. An epoch's last batch may be smaller; no image is dropped.</summary>
    /// <value>The default is 8; at least 1.</value>
    public int BatchSize { get; init; } = 8;

    /// <summary>
    /// Images of a step that go through the network at once, with gradients; a step's loss and gradient are still those of
    /// all its images together. Less memory for an encoder that runs in every step, at the price of a second forward pass.
    /// Where they do not fit the device's memory, half as many are tried.
    /// </summary>
    /// <value>The default is null: all of <see cref="BatchSize"/>. At least 1.</value>
    public int? MicroBatchSize { get; init; }

    /// <summary>The optimiser.</summary>
    /// <value>The default is <see cref="OptimizerKind.AdamW"/>.</value>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>Base learning rate.</summary>
    /// <value>The default is 3e-4; greater than 0.</value>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Weight decay: added to the gradient by SGD and Adam, decoupled in AdamW.</summary>
    /// <value>The default is 0.01; at least 0.</value>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>SGD's momentum; the other optimisers have betas instead and want it left alone.</summary>
    /// <value>The default is null: 0.9 for SGD. In 0..1, 1 excluded.</value>
    public double? Momentum { get; init; }

    /// <summary>Whether SGD's momentum is Nesterov's; needs a momentum above 0.</summary>
    /// <value>The default is false.</value>
    public bool Nesterov { get; init; }

    /// <summary>Adam's and AdamW's decay of the gradients' mean.</summary>
    /// <value>The default is 0.9; in 0..1, 1 excluded.</value>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's and AdamW's decay of the squared gradients' mean.</summary>
    /// <value>The default is 0.999; in 0..1, 1 excluded.</value>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The learning rate as a function of the step, as a factor of the base rates.</summary>
    /// <value>The default is a cosine down to 0 after a linear warm-up of 100 steps.</value>
    public LearningRateSchedule Schedule { get; init; } = new CosineSchedule { WarmupSteps = 100 };

    /// <summary>
    /// Learning rates and weight decays of single parts. A key is the beginning of parameter names up to a dot, such as
    /// <c>mask_decoder.transformer</c> or <c>mask_decoder.output_hypernetworks_mlps.0</c>; the longest that fits a
    /// parameter counts. Adapters are <c>adapters.{block}.lora_qkv</c>, <c>.lora_proj</c> and <c>.adaptformer</c>, all of
    /// them <c>adapters</c>. A key that fits no trained parameter is an error.
    /// </summary>
    /// <value>The default is empty.</value>
    public IReadOnlyDictionary<string, PartOverride> Parts { get; init; } = new Dictionary<string, PartOverride>();

    /// <summary>
    /// What is minimised, over a batch's pixels that are not void, at the network's input size. The validation loss is the
    /// same: cross-entropy alone, without weights and smoothing, at each image's own size; any other sum at the input's
    /// size, each image as a batch of its own, and of these the mean by their pixels.
    /// </summary>
    /// <value>The default is half the cross-entropy, as in the reference.</value>
    public LossOptions Loss { get; init; } = LossOptions.Default;

    /// <summary>Longest allowed L2 norm of all gradients together; longer ones are scaled down to it.</summary>
    /// <value>The default is null: gradients are not clipped. Greater than 0.</value>
    public double? ClippingNorm { get; init; }

    /// <summary>
    /// Decay d of the exponential moving average of the trained weights, at most (1 + n)/(10 + n) after step n. Validation,
    /// the checkpoints and the network in the end have the averages; the steps go on with the weights themselves.
    /// </summary>
    /// <value>The default is null: no average is kept. In 0..1, 1 excluded.</value>
    public double? EmaDecay { get; init; }

    /// <summary>How images are brought to the network's size.</summary>
    /// <value>The default is <see cref="Preprocessing.Sam"/>, which the pretrained encoder expects.</value>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.Sam;

    /// <summary>
    /// How training images are varied. Where the encoder's output is cached, as several views of each image
    /// (<see cref="AugmentationOptions.Views"/>); where the encoder runs in every step, anew in each epoch, after the image
    /// is resized for the network.
    /// </summary>
    /// <value>The default is not at all.</value>
    // Of its own: a configuration is bound into what is there.
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>
    /// Seed of the images' order, of how they are varied in each epoch, and of new adapters. The random weights of a new network are drawn before, by its
    /// constructor, from torch's own generator; for new adapters that generator is seeded.
    /// </summary>
    /// <value>The default is 0.</value>
    public int Seed { get; init; }

    /// <summary>Epochs from one validation to the next; the last epoch is always validated.</summary>
    /// <value>The default is 1; at least 1.</value>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>Whether each epoch's training mIoU is measured, from the logits that the steps compute anyway.</summary>
    /// <value>The default is true.</value>
    public bool MeasureTraining { get; init; } = true;

    /// <summary>
    /// Whether the network ends with the weights of its best epoch by validation mIoU; without a validation set, or
    /// when false, it keeps those of the last step.
    /// </summary>
    /// <value>The default is true.</value>
    public bool KeepBest { get; init; } = true;

    /// <summary>
    /// How many of the best epochs keep a checkpoint of their own in <see cref="RunFolder"/>, beside <c>best</c> and <c>last</c>,
    /// named by epoch and metric as in <c>epoch-0012-miou-0.7312.safetensors</c>; of an epoch that falls out it is removed.
    /// </summary>
    /// <value>The default is 0; at least 0. Above it needs <see cref="RunFolder"/> and a validation set.</value>
    public int KeepTop { get; init; }

    /// <summary>What the best epochs for <see cref="KeepTop"/> are the best by; <c>best</c> is always that by mIoU.</summary>
    /// <value>The default is <see cref="ValidationMetric.MeanIoU"/>. Left alone without <see cref="KeepTop"/>.</value>
    public ValidationMetric KeepTopMetric { get; init; }

    /// <summary>When the run ends before its last epoch; needs a validation set.</summary>
    /// <value>The default is null: never.</value>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>
    /// Folder for this run's checkpoints, TensorBoard events, JSONL log, options and report; created when absent. A folder
    /// that holds a run already is refused, unless <see cref="Resume"/> is set.
    /// </summary>
    /// <value>The default is null: nothing is written but the cache.</value>
    public string? RunFolder { get; init; }

    /// <summary>
    /// Whether the run that <see cref="RunFolder"/> holds goes on where it stood, as if it had never stopped: on the CPU with
    /// the same losses and weights, bit for bit, if threads and machine are the same. All options that decide what the run
    /// computes, the data and the weights it started from must be those that it was begun with. A folder without a run begins
    /// one; a run that had come to its end gives its result again.
    /// </summary>
    /// <value>The default is false. Needs <see cref="RunFolder"/>.</value>
    public bool Resume { get; init; }

    /// <summary>
    /// Steps after which the run's state is written to <see cref="RunFolder"/>, beside the end of each epoch: at most so many
    /// are lost when the process is killed. A state holds the trained weights, what the optimiser remembers of them, and as far
    /// as there are any the average and the best weights: up to five times the trained weights; the last two states stay.
    /// </summary>
    /// <value>The default is null: at the end of each epoch alone. At least 0, which writes none, so that the run cannot be resumed.</value>
    public int? CheckpointEvery { get; init; }

    /// <summary>
    /// Whether a finished run writes <c>model.safetensors</c>, the whole network with its frozen encoder (375 MB for
    /// ViT-B). The checkpoints <c>best</c> and <c>last</c> hold what was trained, adapters too, beside the rest of the
    /// decoder and the frozen encoder's hash. With <see cref="TrainedParts.Everything"/> every checkpoint is whole. In a
    /// whole file LoRA's updates are merged into the encoder.
    /// </summary>
    /// <value>The default is true. Needs <see cref="RunFolder"/> to have an effect.</value>
    public bool SaveModel { get; init; } = true;

    /// <summary>Validation images shown in TensorBoard each time, as photograph, truth and prediction.</summary>
    /// <value>The default is 4; at least 0.</value>
    public int ImagesLogged { get; init; } = 4;

    /// <summary>
    /// Validation images that the run's report shows with their labels and predictions: as many of the worst as of the
    /// best, by each image's own mIoU. For them the cache takes a small copy of each validation image (some 150 kB).
    /// </summary>
    /// <value>The default is 4; at least 0, which looks at no image.</value>
    public int ReportImages { get; init; } = 4;

    /// <summary>Steps from one line of the JSONL log, and one point in TensorBoard, to the next.</summary>
    /// <value>The default is 10; at least 1.</value>
    public int LogEvery { get; init; } = 10;

    /// <summary>Folder of the embeddings and label maps; created when absent, shared by any number of runs.</summary>
    /// <value>The default is null: a temporary folder, deleted when the run ends.</value>
    public string? CacheFolder { get; init; }

    /// <summary>Whether embeddings that <see cref="CacheFolder"/> holds are used; false computes all of them again.</summary>
    /// <value>The default is true.</value>
    public bool ReuseCache { get; init; } = true;

    /// <summary>Number format of the cached embeddings, or of what enters the first block with adapters.</summary>
    /// <value>The default is <see cref="Embeddings.EmbeddingDType.Float16"/>.</value>
    public EmbeddingDType EmbeddingDType { get; init; } = EmbeddingDType.Float16;

    /// <summary>
    /// Images that the frozen encoder takes at once; more is faster on a GPU and takes more memory. Where they do not fit it,
    /// half as many are tried.
    /// </summary>
    /// <value>The default is null: 1 on the CPU, which is as fast as more, and <see cref="BatchSize"/> on a GPU. At least 1.</value>
    public int? EncoderBatchSize { get; init; }

    /// <summary>The number format in which the encoder's blocks multiply, in training and for cached embeddings.</summary>
    /// <value>The default is <see cref="Modeling.EncoderPrecision.Float32"/>; <see cref="Modeling.EncoderPrecision.Float16"/> is for GPUs.</value>
    public EncoderPrecision EncoderPrecision { get; init; } = EncoderPrecision.Float32;

    /// <summary>Where the network runs: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <value>The default is <c>auto</c>: the first CUDA device if there is one, else the CPU.</value>
    public string Device { get; init; } = "auto";

    /// <summary>Threads of torch's CPU arithmetic; a setting of the whole process.</summary>
    /// <value>The default is null: torch's own choice. At least 1.</value>
    public int? ThreadCount { get; init; }

    /// <summary>Images that the frozen encoder takes at once on a device.</summary>
    /// <param name="device">The device.</param>
    public int DecideEncoderBatchSize(torch.Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return EncoderBatchSize ?? (device.type == DeviceType.CPU ? 1 : BatchSize);
    }

    /// <summary>What a run with these options keeps in its cache.</summary>
    public CachedInputs DecideCachedInputs() => Trained switch
    {
        TrainedParts.Hypernetworks or TrainedParts.Decoder => CachedInputs.Embeddings,
        TrainedParts.DecoderAndAdapters when Adapters.FirstBlock > 0 && (!Augmentation.IsOn || Augmentation.Views > 1) => CachedInputs.BlockInputs,
        _ => CachedInputs.Images,
    };

    /// <summary>Lists every option that cannot be used.</summary>
    /// <returns>Empty when the options are sound.</returns>
    public IReadOnlyList<OptionFault> FindFaults() => TrainingOptionsRules.FindFaults(this);

    /// <summary>Checks the options.</summary>
    /// <exception cref="InvalidTrainingOptionsException">Some cannot be used; the error lists all of them.</exception>
    public void Validate()
    {
        var faults = FindFaults();
        if (faults.Count > 0)
            throw new InvalidTrainingOptionsException(faults);
    }
}
