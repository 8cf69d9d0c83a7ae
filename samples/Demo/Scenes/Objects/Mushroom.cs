namespace SamSegmentation.Demo.Scenes.Objects;

/// <summary>A toadstool: a spotted cap on a pale stem.</summary>
public sealed class Mushroom : SceneObject
{
    private const double Rim = 0.12;

    private readonly ValueNoise _noise;
    private readonly Color _cap;
    private readonly Color _stem;
    private readonly double _spots;
    private readonly double _turn;

    public Mushroom(SceneRandom random)
    {
        _noise = new ValueNoise(random.NextBits());
        _cap = Paint.Pick(random);
        _stem = Color.Mix(Paint.PickPale(random), new Color(0.93, 0.87, 0.74), 0.6);
        _spots = random.Next(2.2, 3.2);
        _turn = random.Next();
        HalfWidth = random.Next(0.85, 1.1);
    }

    public override int ClassId => SceneClasses.Mushroom;

    public override double HalfWidth { get; }

    public override double RelativeHeight => 0.8;

    public override Color? At(double u, double v)
    {
        double x = u / HalfWidth;
        return Cap(x, v) ?? Stem(u, v);
    }

    private Color? Cap(double x, double v)
    {
        // Half an ellipse above a flat arc.
        double y = (v - Rim) / (1 + Rim);
        double depth = 1 - x * x - y * y;
        if (depth < 0 || v > Rim + 0.14 * (1 - x * x))
            return null;
        double z = Math.Sqrt(depth);
        if (v > Rim - 0.06 + 0.14 * (1 - x * x))
            return _cap * 0.5;
        double light = 0.5 + 0.6 * Math.Max(0, -0.45 * x - 0.6 * y + 0.5 * z);
        // Spots on a grid that is bent with the cap.
        double column = Math.Asin(Math.Clamp(x / Math.Sqrt(1 - y * y * 0.9), -1, 1)) * _spots / 1.2 + _turn;
        double row = y * _spots * 1.3;
        double shift = (int)Math.Floor(row) % 2 == 0 ? 0.5 : 0;
        double toSpotX = column + shift - Math.Floor(column + shift) - 0.5, toSpotY = row - Math.Floor(row) - 0.5;
        bool spot = toSpotX * toSpotX + toSpotY * toSpotY < 0.085;
        return (spot ? new Color(0.97, 0.95, 0.9) : _cap) * light;
    }

    private Color? Stem(double u, double v)
    {
        double half = 0.24 + 0.1 * v * v;
        if (v is < 0 or > 1 || Math.Abs(u) > half)
            return null;
        // The cap's shadow, and fibres.
        double light = (v < 0.42 ? 0.7 : 0.98) - 0.35 * u / half * 0.8 + 0.25 * (_noise.At(u * 30, v * 4) - 0.5);
        return _stem * light;
    }
}
