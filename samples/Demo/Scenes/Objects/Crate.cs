namespace SamSegmentation.Demo.Scenes.Objects;

/// <summary>A wooden crate: boards, a frame and braces; bare or painted.</summary>
public sealed class Crate : SceneObject
{
    private const double Frame = 0.2;

    private readonly ValueNoise _grain;
    private readonly Color _wood;
    private readonly int _boards;
    private readonly bool _crossed;

    public Crate(SceneRandom random)
    {
        _grain = new ValueNoise(random.NextBits());
        _wood = random.Chance(0.6) ? Paint.PickWood(random) : Color.Mix(Paint.Pick(random), Paint.PickWood(random), 0.35);
        _boards = random.NextInteger(4, 6);
        _crossed = random.Chance(0.5);
        HalfWidth = random.Next(0.9, 1.25);
        Tilt = random.Chance(0.5) ? 0 : random.Next(-0.2, 0.2);
    }

    public override int ClassId => SceneClasses.Crate;

    public override double HalfWidth { get; }

    public override double RelativeHeight => 0.75;

    public override double Tilt { get; }

    public override Color? At(double u, double v)
    {
        double toSide = HalfWidth - Math.Abs(u), toEnd = 1 - Math.Abs(v);
        if (toSide < 0 || toEnd < 0)
            return null;
        double inner = Math.Min(toSide, toEnd) - Frame;
        if (inner < 0)
        {
            bool post = toSide < toEnd;
            double edge = inner > -0.035 ? 0.55 : Math.Min(toSide, toEnd) < 0.03 ? 0.7 : 1.12;
            return Wood(post ? v : u, post ? u : v, 40) * edge;
        }
        // Braces from corner to corner, one or both.
        double slope = (1 - Frame) / (HalfWidth - Frame);
        double brace = Math.Min(Math.Abs(v - slope * u), _crossed ? Math.Abs(v + slope * u) : 1);
        if (brace < 0.17)
            return Wood(u + v, u - v, 50) * (brace > 0.135 ? 0.6 : 1.05);
        double board = (v + 1) * _boards / 2;
        double gap = board - Math.Floor(board);
        return Wood(u, v, Math.Floor(board)) * (gap is < 0.1 or > 0.92 ? 0.45 : 0.78) * (inner < 0.07 ? 0.8 : 1);
    }

    private Color Wood(double along, double across, double board) =>
        _wood * (0.8 + 0.4 * _grain.Fractal(along * 2.5 + board * 9, across * 14 + board * 5, 2));
}
