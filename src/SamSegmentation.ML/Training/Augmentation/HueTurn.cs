namespace SamSegmentation.ML.Training.Augmentation;

/// <summary>
/// Turns the hue of colours and keeps their value and saturation (Smith, "Color gamut transform pairs", 1978), as
/// torchvision's <c>adjust_hue</c>: with v the largest channel and m the smallest, s = (v − m)/v, and the hue is where
/// between the two nearest of red, yellow, green, cyan, blue and magenta the colour lies, a sixth of the circle each.
/// </summary>
internal static class HueTurn
{
    // 1 becomes 255, and each byte has the same share of 0..1.
    private const float ToByte = 255 + 1 - 1e-3f;

    private static readonly float[] s_parts = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];

    /// <summary>Changes colours in place.</summary>
    /// <param name="pixels">Red, green and blue, a byte each.</param>
    /// <param name="turn">The part of the circle, −0.5 to 0.5.</param>
    public static void Apply(Span<byte> pixels, float turn)
    {
        for (var i = 0; i < pixels.Length; i += 3)
        {
            var pixel = pixels.Slice(i, 3);
            var (red, green, blue) = (s_parts[pixel[0]], s_parts[pixel[1]], s_parts[pixel[2]]);
            var most = Math.Max(red, Math.Max(green, blue));
            var range = most - Math.Min(red, Math.Min(green, blue));
            // Grey has no hue.
            if (range == 0)
                continue;
            var hue = HueOf(red, green, blue, most, range) + turn;
            (red, green, blue) = ColorOf(hue - MathF.Floor(hue), range / most, most);
            (pixel[0], pixel[1], pixel[2]) = ((byte)(red * ToByte), (byte)(green * ToByte), (byte)(blue * ToByte));
        }
    }

    // How far each channel is from the largest says how far the hue is from that channel's.
    private static float HueOf(float red, float green, float blue, float most, float range)
    {
        var sixths = red == most ? Below(blue) - Below(green)
            : green == most ? 2 + Below(red) - Below(blue)
            : 4 + Below(green) - Below(red);
        var hue = sixths / 6 + 1;
        return hue < 1 ? hue : hue - 1;

        float Below(float channel) => (most - channel) / range;
    }

    private static (float Red, float Green, float Blue) ColorOf(float hue, float saturation, float value)
    {
        var sixth = MathF.Floor(hue * 6);
        var part = hue * 6 - sixth;
        var low = value * (1 - saturation);
        var falling = value * (1 - saturation * part);
        var rising = value * (1 - saturation * (1 - part));
        return ((int)sixth % 6) switch
        {
            0 => (value, rising, low),
            1 => (falling, value, low),
            2 => (low, value, rising),
            3 => (low, falling, value),
            4 => (rising, low, value),
            _ => (value, low, falling),
        };
    }
}
