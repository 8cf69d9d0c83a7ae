using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Augmentation;

namespace SamSegmentation.Cli.Settings.Knobs;

/// <summary>The settings under <c>training.augmentation</c>.</summary>
internal static class AugmentationKnobs
{
    /// <summary>How training images are varied.</summary>
    public static IEnumerable<Knob<SamSegSettings>> All { get; } =
    [
        Define(
            "flip_probability", "Probability that an image is mirrored.",
            ValueKinds.Number(0, 1), augmentation => augmentation.FlipProbability, (augmentation, value) => augmentation with { FlipProbability = value }),
        Define(
            "scale_jitter", "Scale images at random; larger ones are cropped at a random place, smaller ones padded, as void.",
            ValueKinds.Flag, augmentation => augmentation.ScaleJitter, (augmentation, value) => augmentation with { ScaleJitter = value }),
        Define(
            "min_scale", "The smallest scale of scale_jitter.",
            ValueKinds.Number(0, above: true), augmentation => augmentation.MinScale, (augmentation, value) => augmentation with { MinScale = value }),
        Define(
            "max_scale", "The largest scale of scale_jitter, up to 8.",
            ValueKinds.Number(0, above: true), augmentation => augmentation.MaxScale, (augmentation, value) => augmentation with { MaxScale = value }),
        Define(
            "brightness", "Strength of changes in brightness, as torchvision's ColorJitter has it.",
            ValueKinds.Number(0), augmentation => augmentation.Brightness, (augmentation, value) => augmentation with { Brightness = value }),
        Define(
            "contrast", "Strength of changes in contrast.",
            ValueKinds.Number(0), augmentation => augmentation.Contrast, (augmentation, value) => augmentation with { Contrast = value }),
        Define(
            "saturation", "Strength of changes in saturation.",
            ValueKinds.Number(0), augmentation => augmentation.Saturation, (augmentation, value) => augmentation with { Saturation = value }),
        Define(
            "hue", "Largest change in hue, as a part of the circle, up to 0.5.",
            ValueKinds.Number(0, 0.5), augmentation => augmentation.Hue, (augmentation, value) => augmentation with { Hue = value }),
        Define(
            "views", "Views of each image that a frozen encoder sees and the cache keeps, the first of them the image itself.",
            ValueKinds.Integer(1), augmentation => augmentation.Views, (augmentation, value) => augmentation with { Views = value }),
    ];

    private static Knob<SamSegSettings> Define<T>(
        string name,
        string help,
        ValueKind<T> kind,
        Func<AugmentationOptions, T> get,
        Func<AugmentationOptions, T, AugmentationOptions> set) =>
        SamSegKnobs.OfTraining(
            $"training.augmentation.{name}",
            help,
            kind,
            options => get(options.Augmentation),
            (options, value) => options with { Augmentation = set(options.Augmentation, value) },
            nameof(TrainingOptions.Augmentation));
}
