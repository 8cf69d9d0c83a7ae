namespace SamSegmentation.ML.Training.Augmentation;

/// <summary>What was drawn for one image: numbers that say how it is varied, whatever its size.</summary>
/// <param name="Mirrored">Whether it is mirrored left to right.</param>
/// <param name="Scale">What both sides are multiplied with; 1 for nothing.</param>
/// <param name="Down">Where a larger image is cropped: from 0, at its top, to 1, excluded.</param>
/// <param name="Across">The same from its left.</param>
/// <param name="Colors">What happens to its colours.</param>
internal sealed record AugmentationDraw(bool Mirrored, double Scale, double Down, double Across, ColorDraw Colors)
{
    /// <summary>The image as it is.</summary>
    public static AugmentationDraw None { get; } = new(false, 1, 0, 0, ColorDraw.None);

    /// <summary>
    /// Draws. Every number is drawn, whatever the options ask for, so that one option changes nothing of what another does.
    /// </summary>
    /// <param name="options">Sound options.</param>
    /// <param name="random">A generator of this image's own.</param>
    public static AugmentationDraw Of(AugmentationOptions options, SplitMix random)
    {
        var mirrored = random.Unit() < options.FlipProbability;
        var (scale, down, across) = (random.Unit(), random.Unit(), random.Unit());
        var colors = ColorDraw.Of(options, ref random);
        return options.ScaleJitter
            ? new AugmentationDraw(mirrored, options.MinScale + scale * (options.MaxScale - options.MinScale), down, across, colors)
            : None with { Mirrored = mirrored, Colors = colors };
    }
}
