namespace SamSegmentation.Demo.Scenes.Objects;

/// <summary>A swimming ring in segments of two colours; through its hole one sees what is behind.</summary>
public sealed class Ring : SceneObject
{
    private readonly Color _first;
    private readonly Color _second;
    private readonly int _segments;
    private readonly double _turn;
    private readonly double _hole;

    public Ring(SceneRandom random)
    {
        _first = Paint.Pick(random);
        _second = random.Chance(0.6) ? Paint.PickPale(random) : Paint.Pick(random);
        _segments = 2 * random.NextInteger(3, 5);
        _turn = random.Next();
        _hole = random.Next(0.38, 0.5);
        HalfWidth = random.Next(0.8, 1.0);
        Tilt = random.Next(-0.4, 0.4);
    }

    public override int ClassId => SceneClasses.Ring;

    public override double HalfWidth { get; }

    public override double RelativeHeight => 0.82;

    public override double Tilt { get; }

    public override Color? At(double u, double v)
    {
        double x = u / HalfWidth;
        double radius = Math.Sqrt(x * x + v * v);
        if (radius < _hole || radius > 1)
            return null;
        // Across the tube: −1 at the hole, 1 outside.
        double across = (radius - (1 + _hole) / 2) / ((1 - _hole) / 2);
        double bulge = Math.Sqrt(1 - across * across);
        double outwardX = across * x / radius, outwardY = across * v / radius;
        double light = -0.5 * outwardX - 0.6 * outwardY + 0.62 * bulge;
        double gloss = Math.Pow(Math.Max(0, -0.38 * outwardX - 0.45 * outwardY + 0.81 * bulge), 30);
        double segment = (Math.Atan2(v, x) / (2 * Math.PI) + 1 + _turn) * _segments;
        var paint = (int)segment % 2 == 0 ? _first : _second;
        return paint * (0.45 + 0.62 * Math.Max(0, light)) + Color.White * (0.4 * gloss);
    }
}
