namespace SamSegmentation.Demo.Scenes.Objects;

/// <summary>A round ball: beach ball, striped or spotted.</summary>
public sealed class Ball : SceneObject
{
    private readonly Color _first;
    private readonly Color _second;
    private readonly Color _third;
    private readonly int _pattern;
    private readonly double _spin;
    private readonly double _lean;

    public Ball(SceneRandom random)
    {
        _first = Paint.Pick(random);
        _second = Paint.PickPale(random);
        _third = Paint.Pick(random);
        _pattern = random.NextInteger(0, 2);
        _spin = random.Next(0, 2 * Math.PI);
        _lean = random.Next(0.3, 1.2);
    }

    public override int ClassId => SceneClasses.Ball;

    public override double HalfWidth => 1;

    public override double RelativeHeight => 0.75;

    public override Color? At(double u, double v)
    {
        double depth = 1 - u * u - v * v;
        if (depth < 0)
            return null;
        double z = Math.Sqrt(depth);

        // The surface point, turned about the line of sight and tipped towards the eye.
        double x = u * Math.Cos(_spin) - v * Math.Sin(_spin);
        double up = u * Math.Sin(_spin) + v * Math.Cos(_spin);
        double y = up * Math.Cos(_lean) - z * Math.Sin(_lean);
        double near = up * Math.Sin(_lean) + z * Math.Cos(_lean);
        double longitude = Math.Atan2(x, near) / (2 * Math.PI) + 0.5;

        var paint = _pattern switch
        {
            0 => Math.Abs(y) > 0.96 ? _second : (int)(longitude * 6) % 2 == 1 ? _second : (int)(longitude * 6) == 2 ? _third : _first,
            1 => Math.Abs(y) < 0.16 ? _second : Math.Abs(y) is > 0.45 and < 0.65 ? _third : _first,
            _ => Math.Sin(longitude * 8 * Math.PI) * Math.Cos(y * 5) > 0.55 ? _second : _first,
        };
        double light = -0.5 * u - 0.6 * v + 0.62 * z;
        double gloss = Math.Pow(Math.Max(0, -0.38 * u - 0.45 * v + 0.81 * z), 40);
        return paint * (0.42 + 0.68 * Math.Max(0, light)) + Color.White * (0.55 * gloss);
    }
}
