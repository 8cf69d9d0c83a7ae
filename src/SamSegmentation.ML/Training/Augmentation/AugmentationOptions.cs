using static System.FormattableString;

namespace SamSegmentation.ML.Training.Augmentation;

/// <summary>
/// How training images are varied, each together with its label; validation images never are. An image is scaled, cropped
/// to its own size at a random place, mirrored, changed in colour, and padded where it has become smaller.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>The largest scale.</summary>
    internal const double LargestScale = 8;

    /// <summary>Probability that an image and its label are mirrored left to right.</summary>
    /// <value>The default is 0; in 0..1.</value>
    public double FlipProbability { get; init; }

    /// <summary>
    /// Whether images are scaled by a number between <see cref="MinScale"/> and <see cref="MaxScale"/>, each as likely, and
    /// brought back to their own size: a larger one is cropped at a random place, a smaller one is padded to the right and
    /// below, with SAM's mean colour, and as void in its label. Images are scaled bilinearly as by Pillow, labels by nearest
    /// neighbour. It is what RandomResize, RandomCrop and Pad are together in torchvision and mmsegmentation.
    /// </summary>
    /// <value>The default is false.</value>
    public bool ScaleJitter { get; init; }

    /// <summary>The smallest scale.</summary>
    /// <value>The default is 0.5, as in DeepLab (arXiv 1606.00915); above 0. Left alone without <see cref="ScaleJitter"/>.</value>
    public double MinScale { get; init; } = 0.5;

    /// <summary>The largest scale.</summary>
    /// <value>The default is 2; from <see cref="MinScale"/> to 8. Left alone without <see cref="ScaleJitter"/>.</value>
    public double MaxScale { get; init; } = 2;

    /// <summary>
    /// Strength b of the change in brightness: each channel times a factor, drawn evenly from max(0, 1 − b) to 1 + b. This
    /// and the next three are torchvision's ColorJitter on bytes; those that are not 0 follow each other in random order.
    /// </summary>
    /// <value>The default is 0: none. At least 0.</value>
    public double Brightness { get; init; }

    /// <summary>
    /// Strength of the change in contrast: factor · channel + (1 − factor) · the image's mean luma. The factor is drawn as
    /// for <see cref="Brightness"/>; luma is 0.2989 red + 0.587 green + 0.114 blue.
    /// </summary>
    /// <value>The default is 0: none. At least 0.</value>
    public double Contrast { get; init; }

    /// <summary>
    /// Strength of the change in saturation: factor · channel + (1 − factor) · the pixel's luma. The factor is drawn as for
    /// <see cref="Brightness"/>.
    /// </summary>
    /// <value>The default is 0: none. At least 0.</value>
    public double Saturation { get; init; }

    /// <summary>Strength h of the change in hue, which is turned by a part of the circle from −h to h.</summary>
    /// <value>The default is 0: none. In 0..0.5.</value>
    public double Hue { get; init; }

    /// <summary>
    /// For a frozen encoder, or one that is frozen before the first block with adapters: how many views of each image are
    /// encoded and cached. The first is the image itself, the others follow from its pixels and these options; an epoch
    /// takes one of them, chosen by the run's seed. The cache, and the time to fill it, are this many times as large.
    /// </summary>
    /// <value>
    /// The default is 1. At least 2 to augment cached outputs; 1 where the encoder runs in every step, for there each epoch
    /// has new variations.
    /// </value>
    public int Views { get; init; } = 1;

    /// <summary>Whether anything is varied.</summary>
    public bool IsOn => FlipProbability > 0 || MakesMany;

    // More than an image and its mirror image.
    private bool MakesMany => ScaleJitter || Brightness > 0 || Contrast > 0 || Saturation > 0 || Hue > 0;

    /// <summary>Lists every option that cannot be used.</summary>
    /// <returns>Empty when the options are sound.</returns>
    public IReadOnlyList<OptionFault> FindFaults()
    {
        var faults = new List<OptionFault>();
        faults.MustBeIn(nameof(FlipProbability), FlipProbability, 0, 1);
        if (!(MinScale > 0 && MinScale <= LargestScale))
            faults.Add(nameof(MinScale), Invariant($"is {MinScale}; it must be above 0 and at most {LargestScale}."));
        if (!(MaxScale > 0 && MaxScale <= LargestScale))
            faults.Add(nameof(MaxScale), Invariant($"is {MaxScale}; it must be above 0 and at most {LargestScale}."));
        else if (MaxScale < MinScale)
            faults.Add(nameof(MaxScale), Invariant($"is {MaxScale}; it must be at least {nameof(MinScale)}, {MinScale}."));
        var standard = new AugmentationOptions();
        MustBelong(nameof(MinScale), MinScale, standard.MinScale);
        MustBelong(nameof(MaxScale), MaxScale, standard.MaxScale);
        faults.MustNotBeNegative(nameof(Brightness), Brightness);
        faults.MustNotBeNegative(nameof(Contrast), Contrast);
        faults.MustNotBeNegative(nameof(Saturation), Saturation);
        faults.MustBeIn(nameof(Hue), Hue, 0, 0.5);
        faults.MustBeAtLeast(nameof(Views), Views, 1);
        if (Views > 1 && !IsOn)
            faults.Add(nameof(Views), $"is {Views}, but nothing makes views differ; set another of these options too, or leave it at 1.");
        else if (Views > 2 && !MakesMany)
            faults.Add(nameof(Views), $"is {Views}, but {nameof(FlipProbability)} alone makes no more than 2 different views.");
        return faults;

        void MustBelong(string option, double value, double usual)
        {
            if (!ScaleJitter && value != usual)
                faults.Add(option, Invariant($"is {value}; that needs {nameof(ScaleJitter)}."));
        }
    }
}
