using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Training;

namespace SamSegmentation.Cli.Settings.Knobs;

/// <summary>The settings under <c>training</c>, but for the schedule.</summary>
internal static class TrainingKnobs
{
    private static readonly ValueKind<ValidationMetric> s_metric = ValueKinds.Choice(
        ("miou", ValidationMetric.MeanIoU), ("miou_fg", ValidationMetric.ForegroundMeanIoU), ("pixel_accuracy", ValidationMetric.PixelAccuracy),
        ("dice", ValidationMetric.MeanDice), ("loss", ValidationMetric.Loss));

    /// <summary>How images are brought to the network's size; embeddings depend on it.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Preprocessing { get; } =
    [
        // First in the table: it gives the defaults that the others change.
        Knob<SamSegSettings>.Define(
            "training.protocol", "The training settings to start from: this program's, or those of SAM_for_Semantic_Segmentation.",
            ValueKinds.Choice(("default", Protocol.Default), ("reference", Protocol.Reference)), settings => settings.Protocol, (settings, value) => settings.StartFrom(value)),
        Define(
            "preprocessing", "How images are brought to the network's size: as SAM does, or stretched as the reference does.",
            ValueKinds.Choice(("sam", ML.Imaging.Preprocessing.Sam), ("stretch", ML.Imaging.Preprocessing.Stretch)),
            options => options.Preprocessing, (options, value) => options with { Preprocessing = value }, nameof(TrainingOptions.Preprocessing)),
    ];

    /// <summary>What is trained, and how long.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Run { get; } =
    [
        Define(
            "trained", "What is trained: the hypernetworks alone as in the reference, the mask decoder, it and adapters in the encoder, or everything.",
            ValueKinds.Choice(
                ("hypernetworks", TrainedParts.Hypernetworks), ("decoder", TrainedParts.Decoder),
                ("decoder-and-adapters", TrainedParts.DecoderAndAdapters), ("everything", TrainedParts.Everything)),
            options => options.Trained, (options, value) => options with { Trained = value }, nameof(TrainingOptions.Trained), "--train"),
        Define(
            "epochs", "Passes over the training images.",
            ValueKinds.Integer(1), options => options.Epochs, (options, value) => options with { Epochs = value }, nameof(TrainingOptions.Epochs)),
        Define(
            "batch_size", "Images a step.",
            ValueKinds.Integer(1), options => options.BatchSize, (options, value) => options with { BatchSize = value }, nameof(TrainingOptions.BatchSize)),
        Define(
            "micro_batch_size", "Images of a step that go through the network at once; none is all, more need more memory.",
            ValueKinds.Optional(ValueKinds.Integer(1)), options => options.MicroBatchSize, (options, value) => options with { MicroBatchSize = value }, nameof(TrainingOptions.MicroBatchSize)),
        Define(
            "loss", "What is minimised: a sum of cross_entropy, dice, focal, lovasz and ohem with factors and settings, such as 0.5*cross_entropy+0.5*dice.",
            LossKind.Formula, options => options.Loss, (options, value) => options with { Loss = value }, nameof(TrainingOptions.Loss)),
        Define(
            "clipping_norm", "Longest allowed norm of all gradients together.",
            ValueKinds.Optional(ValueKinds.Number(0, above: true)), options => options.ClippingNorm, (options, value) => options with { ClippingNorm = value }, nameof(TrainingOptions.ClippingNorm)),
        Define(
            "ema_decay", "Decay of the moving average of the weights, which validation and the model then use.",
            ValueKinds.Optional(ValueKinds.Number(0, 1, below: true)), options => options.EmaDecay, (options, value) => options with { EmaDecay = value }, nameof(TrainingOptions.EmaDecay)),
        Define(
            "validate_every", "Epochs from one validation to the next; the last one is always validated.",
            ValueKinds.Integer(1), options => options.ValidateEvery, (options, value) => options with { ValidateEvery = value }, nameof(TrainingOptions.ValidateEvery)),
        Define(
            "measure_training", "Measure each epoch's mIoU on the training images too.",
            ValueKinds.Flag, options => options.MeasureTraining, (options, value) => options with { MeasureTraining = value }, nameof(TrainingOptions.MeasureTraining)),
        Define(
            "keep_best", "End with the weights of the best epoch by validation mIoU, not of the last.",
            ValueKinds.Flag, options => options.KeepBest, (options, value) => options with { KeepBest = value }, nameof(TrainingOptions.KeepBest)),
        Define(
            "keep_top", "Best epochs that keep a checkpoint of their own, named by epoch and metric.",
            ValueKinds.Integer(0), options => options.KeepTop, (options, value) => options with { KeepTop = value }, nameof(TrainingOptions.KeepTop)),
        Define(
            "keep_top_metric", "What those are the best by: miou, miou_fg (without class 0), pixel_accuracy, dice or loss.",
            s_metric, options => options.KeepTopMetric, (options, value) => options with { KeepTopMetric = value }, nameof(TrainingOptions.KeepTopMetric)),
        Define(
            "early_stopping", "Validations in a row without a better early_stopping_metric after which training ends; none never ends early.",
            ValueKinds.Optional(ValueKinds.Integer(1)), options => options.EarlyStopping?.Patience,
            (options, value) => options with { EarlyStopping = value is { } patience ? (options.EarlyStopping ?? new EarlyStopping()) with { Patience = patience } : null },
            nameof(TrainingOptions.EarlyStopping)),
        Knob<SamSegSettings>.Define(
            "training.early_stopping_metric", "What early_stopping looks at: miou, miou_fg (without class 0), pixel_accuracy, dice or loss.",
            s_metric, settings => settings.EarlyStoppingMetric, (settings, value) => settings with { EarlyStoppingMetric = value }),
        Knob<SamSegSettings>.Define(
            "training.early_stopping_gain", "By how much that must rise, or the loss must fall, to count as better; below 1, but for the loss.",
            ValueKinds.Number(0), settings => settings.EarlyStoppingGain, (settings, value) => settings with { EarlyStoppingGain = value }),
    ];

    /// <summary>The optimiser.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Optimizer { get; } =
    [
        Define(
            "optimizer.name", "The optimiser.",
            ValueKinds.Choice(("sgd", OptimizerKind.Sgd), ("adam", OptimizerKind.Adam), ("adamw", OptimizerKind.AdamW)),
            options => options.Optimizer, (options, value) => options with { Optimizer = value }, nameof(TrainingOptions.Optimizer), "--optimizer"),
        Define(
            "optimizer.learning_rate", "Base learning rate.",
            ValueKinds.Number(0, above: true), options => options.LearningRate, (options, value) => options with { LearningRate = value }, nameof(TrainingOptions.LearningRate)),
        Define(
            "optimizer.weight_decay", "Weight decay.",
            ValueKinds.Number(0), options => options.WeightDecay, (options, value) => options with { WeightDecay = value }, nameof(TrainingOptions.WeightDecay)),
        Define(
            "optimizer.momentum", "Momentum of sgd; none is 0.9 for sgd, and what the others want.",
            ValueKinds.Optional(ValueKinds.Number(0, 1, below: true)), options => options.Momentum, (options, value) => options with { Momentum = value }, nameof(TrainingOptions.Momentum)),
        Define(
            "optimizer.nesterov", "Whether sgd's momentum is Nesterov's.",
            ValueKinds.Flag, options => options.Nesterov, (options, value) => options with { Nesterov = value }, nameof(TrainingOptions.Nesterov)),
        Define(
            "optimizer.beta1", "Decay of adam's and adamw's mean of gradients.",
            ValueKinds.Number(0, 1, below: true), options => options.Beta1, (options, value) => options with { Beta1 = value }, nameof(TrainingOptions.Beta1)),
        Define(
            "optimizer.beta2", "Decay of adam's and adamw's mean of squared gradients.",
            ValueKinds.Number(0, 1, below: true), options => options.Beta2, (options, value) => options with { Beta2 = value }, nameof(TrainingOptions.Beta2)),
        Define(
            "optimizer.parts", "Learning rates and weight decays of parts of the network, by the beginning of their names.",
            PartsKind.Parts, options => options.Parts, (options, value) => options with { Parts = value }, nameof(TrainingOptions.Parts), "--part"),
    ];

    private static Knob<SamSegSettings> Define<T>(
        string name,
        string help,
        ValueKind<T> kind,
        Func<TrainingOptions, T> get,
        Func<TrainingOptions, T, TrainingOptions> set,
        string property,
        string? option = null) =>
        SamSegKnobs.OfTraining($"training.{name}", help, kind, get, set, property, option);
}
