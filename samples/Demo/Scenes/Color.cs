namespace SamSegmentation.Demo.Scenes;

/// <summary>A colour; each channel is 0 to 1, and may be beyond until it is stored.</summary>
public readonly record struct Color(double R, double G, double B)
{
    public static readonly Color White = new(1, 1, 1);

    public static Color operator +(Color a, Color b) => new(a.R + b.R, a.G + b.G, a.B + b.B);

    public static Color operator *(Color a, Color b) => new(a.R * b.R, a.G * b.G, a.B * b.B);

    public static Color operator *(Color color, double factor) => new(color.R * factor, color.G * factor, color.B * factor);

    /// <summary>The colour at <paramref name="t"/> (0 to 1) on the way from one to another.</summary>
    public static Color Mix(Color from, Color to, double t) => from * (1 - t) + to * t;

    /// <summary>From hue (in turns, any), saturation and value (0 to 1).</summary>
    public static Color FromHsv(double hue, double saturation, double value)
    {
        return new Color(Channel(5), Channel(3), Channel(1));

        double Channel(double offset)
        {
            double sector = (offset + (hue - Math.Floor(hue)) * 6) % 6;
            return value * (1 - saturation * Math.Clamp(Math.Min(sector, 4 - sector), 0, 1));
        }
    }
}
