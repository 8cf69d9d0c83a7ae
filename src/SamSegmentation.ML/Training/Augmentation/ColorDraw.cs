namespace SamSegmentation.ML.Training.Augmentation;

/// <summary>What was drawn for one image's colours: see <see cref="ColorJitter"/>.</summary>
/// <param name="Brightness">Factor of the brightness; 1 for nothing.</param>
/// <param name="Contrast">Factor of the contrast; 1 for nothing.</param>
/// <param name="Saturation">Factor of the saturation; 1 for nothing.</param>
/// <param name="Hue">By which part of the circle the hue is turned, −0.5 to 0.5; 0 for nothing.</param>
/// <param name="Order">Which of the 24 orders of the four it is, from 0.</param>
internal sealed record ColorDraw(double Brightness, double Contrast, double Saturation, double Hue, int Order)
{
    private const int Orders = 24;

    /// <summary>The colours as they are.</summary>
    public static ColorDraw None { get; } = new(1, 1, 1, 0, 0);

    /// <summary>Draws six numbers.</summary>
    public static ColorDraw Of(AugmentationOptions options, ref SplitMix random)
    {
        var brightness = Factor(options.Brightness, random.Unit());
        var contrast = Factor(options.Contrast, random.Unit());
        var saturation = Factor(options.Saturation, random.Unit());
        var hue = options.Hue * (2 * random.Unit() - 1);
        var draw = new ColorDraw(brightness, contrast, saturation, hue, 0);
        var order = random.Below(Orders);
        return draw == None ? None : draw with { Order = order };
    }

    private static double Factor(double strength, double unit)
    {
        var least = Math.Max(0, 1 - strength);
        return strength == 0 ? 1 : least + unit * (1 + strength - least);
    }
}
