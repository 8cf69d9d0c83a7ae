using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Training;

namespace SamSegmentation.Cli.Settings.Knobs;

/// <summary>All settings of samseg, and which of them each command reads.</summary>
internal static class SamSegKnobs
{
    /// <summary>What <c>train</c> reads.</summary>
    public static IReadOnlyList<Knob<SamSegSettings>> OfTrain { get; } =
    [
        .. DatasetKnobs.Places, .. DatasetKnobs.Splits, .. ModelKnobs.Start, .. ModelKnobs.Encoder, .. ModelKnobs.Head,
        .. TrainingKnobs.Preprocessing, .. TrainingKnobs.Run, .. AugmentationKnobs.All, .. AdapterKnobs.All, .. TrainingKnobs.Optimizer, .. ScheduleKnobs.All,
        .. RunKnobs.Output, .. RunKnobs.Report, .. RunKnobs.Seed, .. RunKnobs.Machine, .. RunKnobs.Embeddings,
        .. DatasetKnobs.Pairing, .. DatasetKnobs.Policy, .. DatasetKnobs.Limits, .. ModelKnobs.Network,
    ];

    /// <summary>What <c>embed</c> reads.</summary>
    public static IReadOnlyList<Knob<SamSegSettings>> OfEmbed { get; } =
    [
        .. DatasetKnobs.Places, .. DatasetKnobs.Splits, .. ModelKnobs.Start, .. ModelKnobs.Encoder, .. ModelKnobs.Head,
        .. TrainingKnobs.Preprocessing, .. AugmentationKnobs.All, .. RunKnobs.Embeddings, .. RunKnobs.Seed, .. RunKnobs.Machine,
        .. DatasetKnobs.Pairing, .. DatasetKnobs.Policy, .. DatasetKnobs.Limits, .. ModelKnobs.Network,
    ];

    /// <summary>What <c>evaluate</c> reads.</summary>
    public static IReadOnlyList<Knob<SamSegSettings>> OfEvaluate { get; } =
    [
        .. ModelKnobs.Trained, .. ModelKnobs.Encoder, .. DatasetKnobs.Places, .. PredictionKnobs.Evaluation,
        .. PredictionKnobs.Batches, .. PredictionKnobs.Inference, .. RunKnobs.Report, .. RunKnobs.Machine, .. DatasetKnobs.Pairing, .. DatasetKnobs.Policy, .. DatasetKnobs.Limits,
    ];

    /// <summary>What <c>predict</c> reads.</summary>
    public static IReadOnlyList<Knob<SamSegSettings>> OfPredict { get; } =
    [
        .. ModelKnobs.Trained, .. ModelKnobs.Encoder, .. PredictionKnobs.Output, .. PredictionKnobs.Batches, .. PredictionKnobs.Inference,
        .. RunKnobs.Machine, .. DatasetKnobs.Policy, .. DatasetKnobs.Limits,
    ];

    /// <summary>What <c>export</c> reads.</summary>
    public static IReadOnlyList<Knob<SamSegSettings>> OfExport { get; } = [.. ModelKnobs.Trained, .. ModelKnobs.Encoder];

    /// <summary>What <c>inspect dataset</c> reads.</summary>
    public static IReadOnlyList<Knob<SamSegSettings>> OfInspectDataset { get; } =
        [.. DatasetKnobs.Places, .. DatasetKnobs.Splits, .. DatasetKnobs.Pairing, .. DatasetKnobs.Limits];

    /// <summary>What <c>inspect augmentation</c> reads.</summary>
    public static IReadOnlyList<Knob<SamSegSettings>> OfInspectAugmentation { get; } =
        [.. DatasetKnobs.Places, .. DatasetKnobs.Splits, .. AugmentationKnobs.All, .. RunKnobs.Seed, .. DatasetKnobs.Pairing, .. DatasetKnobs.Policy, .. DatasetKnobs.Limits];

    /// <summary>All of them.</summary>
    public static KnobTable<SamSegSettings> Table { get; } =
        new(OfTrain.Concat(OfEmbed).Concat(OfEvaluate).Concat(OfPredict).Distinct());

    /// <summary>Defines a setting that is a training option; see <see cref="Knob{TSettings}.Define{T}"/>.</summary>
    public static Knob<SamSegSettings> OfTraining<T>(
        string key,
        string help,
        ValueKind<T> kind,
        Func<TrainingOptions, T> get,
        Func<TrainingOptions, T, TrainingOptions> set,
        string property,
        string? option = null) =>
        Knob<SamSegSettings>.Define(
            key, help, kind, settings => get(settings.Training), (settings, value) => settings with { Training = set(settings.Training, value) }, option, property: property);
}
