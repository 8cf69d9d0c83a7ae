using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.Cli.Settings.Knobs;

/// <summary>The settings under <c>evaluation</c> and <c>prediction</c>.</summary>
internal static class PredictionKnobs
{
    /// <summary>What is evaluated.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Evaluation { get; } =
    [
        Knob<SamSegSettings>.Define(
            "evaluation.split", "What to evaluate: VOC's list of that name; of folders, train is images and masks, val is val_images and val_masks.",
            ValueKinds.Choice(("train", EvaluationSplit.Train), ("val", EvaluationSplit.Val), ("trainval", EvaluationSplit.TrainVal)),
            settings => settings.EvaluationSplit, (settings, value) => settings with { EvaluationSplit = value }),
    ];

    /// <summary>What prediction writes.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Output { get; } =
    [
        Define(
            "output", "Folder to write into.",
            ValueKinds.Text("DIR"), prediction => prediction.Output, (prediction, value) => prediction with { Output = value }),
        Define(
            "pictures", "The pictures to write: grey holds class ids, color is a palette PNG, overlay lies over the photograph.",
            ValueKinds.ListOf(ValueKinds.Choice(("grey", PredictionOutput.Grey), ("color", PredictionOutput.Color), ("overlay", PredictionOutput.Overlay))),
            prediction => prediction.Pictures, (prediction, value) => prediction with { Pictures = value }),
        Define(
            "opacity", "Opacity of the overlay's colours.",
            ValueKinds.Number(0, 1), prediction => prediction.Opacity, (prediction, value) => prediction with { Opacity = value }),
        Define(
            "probabilities", "Write every class's probabilities too, as safetensors: 4 bytes × classes × pixels.",
            ValueKinds.Flag, prediction => prediction.Probabilities, (prediction, value) => prediction with { Probabilities = value }),
    ];

    /// <summary>How the network is run.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Batches { get; } =
    [
        Define(
            "batch_size", "Images that the network takes at once in evaluation and prediction; none is 1 on the CPU and 8 on a GPU.",
            ValueKinds.Optional(ValueKinds.Integer(1)), prediction => prediction.BatchSize, (prediction, value) => prediction with { BatchSize = value }, "--inference-batch-size"),
    ];

    /// <summary>How often, and at which sizes, the network looks at an image.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Inference { get; } =
    [
        Define(
            "window", "Slide a window of the network's input size over images whose shorter side fits it, or that keep their own size.",
            ValueKinds.Choice(("off", SlidingWindow.Off), ("shorter_side", SlidingWindow.ShorterSide), ("own_size", SlidingWindow.OwnSize)),
            prediction => prediction.Window, (prediction, value) => prediction with { Window = value }),
        Define(
            "overlap", "The least part of a window that its neighbour covers too.",
            ValueKinds.Number(0, InferenceOptions.MaxOverlap), prediction => prediction.Overlap, (prediction, value) => prediction with { Overlap = value }),
        Define(
            "flip", "See each image mirrored too, and average.",
            ValueKinds.Flag, prediction => prediction.Flip, (prediction, value) => prediction with { Flip = value }),
        Define(
            "scales", "See each image at these sizes, as factors of its usual one, and average; above 1 it is cut into windows.",
            ValueKinds.ListOf(ValueKinds.Number(0, InferenceOptions.MaxScale, above: true)),
            prediction => prediction.Scales, (prediction, value) => prediction with { Scales = value }),
    ];

    private static Knob<SamSegSettings> Define<T>(
        string name, string help, ValueKind<T> kind, Func<PredictionSettings, T> get, Func<PredictionSettings, T, PredictionSettings> set, string? option = null) =>
        Knob<SamSegSettings>.Define(
            $"prediction.{name}", help, kind, settings => get(settings.Prediction), (settings, value) => settings with { Prediction = set(settings.Prediction, value) }, option);
}
