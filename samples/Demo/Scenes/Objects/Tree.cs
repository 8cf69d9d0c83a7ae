namespace SamSegmentation.Demo.Scenes.Objects;

/// <summary>A tree: a conifer of three tiers or a round crown on a trunk.</summary>
public sealed class Tree : SceneObject
{
    private readonly ValueNoise _foliage;
    private readonly Color _leaves;
    private readonly Color _bark;
    private readonly bool _conifer;
    private readonly double _snow;

    public Tree(SceneRandom random)
    {
        _foliage = new ValueNoise(random.NextBits());
        _conifer = random.Chance(0.5);
        double hue = random.Chance(0.7) ? random.Next(0.21, 0.36) : random.Next(0.03, 0.14);
        _leaves = Color.FromHsv(hue, random.Next(0.4, 0.7), random.Next(0.42, 0.72));
        _bark = Paint.PickWood(random) * 0.7;
        _snow = _conifer && random.Chance(0.3) ? 0.8 : 0;
        HalfWidth = _conifer ? random.Next(0.5, 0.65) : random.Next(0.65, 0.8);
    }

    public override int ClassId => SceneClasses.Tree;

    public override double HalfWidth { get; }

    public override double RelativeHeight => 1.3;

    public override Color? At(double u, double v)
    {
        if (v is < -1 or > 1)
            return null;
        double rough = _foliage.Fractal(u * 7, v * 7, 2) - 0.5;
        return (_conifer ? Conifer(u, v, rough) : Crown(u, v, rough)) ?? Trunk(u, v);
    }

    private Color? Conifer(double u, double v, double rough)
    {
        // Three tiers that widen downwards; each begins inside the one above.
        const double bottom = 0.78;
        if (v > bottom)
            return null;
        double height = (v + 1) / (bottom + 1) * 3;
        int tier = Math.Min(2, (int)height);
        double down = height - tier;
        double widest = HalfWidth * (0.52 + 0.24 * tier);
        double half = widest * (tier == 0 ? down : 0.42 + 0.58 * down);
        if (Math.Abs(u) > half + rough * 0.12)
            return null;
        double light = 1.05 - 0.42 * u / HalfWidth - 0.35 * Math.Pow(1 - down, 3) + 0.8 * rough;
        return Color.Mix(_leaves, new Color(0.92, 0.94, 1), down < 0.3 && rough > -0.05 ? _snow : 0) * light;
    }

    private Color? Crown(double u, double v, double rough)
    {
        double x = u / HalfWidth, y = (v + 0.35) / 0.65;
        double radius = Math.Sqrt(x * x + y * y);
        double lobes = 0.92 + 0.07 * Math.Sin(Math.Atan2(y, x) * 7 + _leaves.R * 40);
        if (radius > lobes + rough * 0.18)
            return null;
        return _leaves * (0.95 - 0.35 * x - 0.4 * y * radius + 0.9 * rough);
    }

    private Color? Trunk(double u, double v)
    {
        double half = 0.11 + 0.08 * Math.Max(0, v - 0.75);
        if (v < -0.2 || Math.Abs(u) > half || (_conifer && v < 0.7))
            return null;
        return _bark * (0.9 - 2.2 * u + 0.5 * (_foliage.At(u * 40, v * 6) - 0.5));
    }
}
