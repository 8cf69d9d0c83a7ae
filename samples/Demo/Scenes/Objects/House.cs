namespace SamSegmentation.Demo.Scenes.Objects;

/// <summary>A house with a tiled roof, a door, windows and perhaps a chimney.</summary>
public sealed class House : SceneObject
{
    private const double Eaves = -0.15;

    private readonly ValueNoise _noise;
    private readonly Color _wall;
    private readonly Color _roof;
    private readonly Color _door;
    private readonly Color _glass;
    private readonly bool _bricks;
    private readonly bool _chimney;
    private readonly int _doorSide;

    public House(SceneRandom random)
    {
        _noise = new ValueNoise(random.NextBits());
        _bricks = random.Chance(0.4);
        _wall = _bricks ? Color.FromHsv(random.Next(0.01, 0.06), random.Next(0.4, 0.6), random.Next(0.6, 0.8)) : Paint.PickPale(random);
        _roof = Paint.Pick(random) * 0.8;
        _door = Paint.Pick(random) * 0.75;
        _glass = random.Chance(0.3) ? new Color(1, 0.87, 0.5) : new Color(0.42, 0.56, 0.7);
        _chimney = random.Chance(0.6);
        _doorSide = random.Pick<int>(-1, 1);
        HalfWidth = random.Next(0.95, 1.2);
    }

    public override int ClassId => SceneClasses.House;

    public override double HalfWidth { get; }

    public override double RelativeHeight => 1.05;

    public override Color? At(double u, double v)
    {
        if (v is < -1 or > 1)
            return null;
        if (v < Eaves)
            return Roof(u, v) ?? Chimney(u, v);
        double half = HalfWidth * 0.86;
        return Math.Abs(u) > half ? null : Wall(u / half, v) * (1.03 - 0.14 * u / half);
    }

    private Color? Roof(double u, double v)
    {
        double down = (v + 1) / (Eaves + 1);
        if (Math.Abs(u) > HalfWidth * (0.28 + 0.72 * down))
            return null;
        double row = down * 6;
        double tile = u * 7 + ((int)row % 2 == 0 ? 0.5 : 0);
        double joint = row - Math.Floor(row) > 0.75 ? 0.72 : tile - Math.Floor(tile) < 0.13 ? 0.85 : 1;
        double tone = 0.95 + 0.3 * (_noise.At(Math.Floor(tile) * 3.1, Math.Floor(row) * 5.7) - 0.5);
        return _roof * (joint * tone * (down > 0.93 ? 0.6 : 1.1));
    }

    private Color? Chimney(double u, double v) =>
        _chimney && u > HalfWidth * 0.42 && u < HalfWidth * 0.62 && v > -0.95
            ? new Color(0.6, 0.36, 0.3) * (v < -0.86 ? 0.7 : 1.0)
            : null;

    private Color Wall(double x, double v)
    {
        // The eaves' shadow.
        double shadow = v < Eaves + 0.1 ? 0.72 : 1;
        double fromDoor = x - 0.45 * _doorSide;
        if (Math.Abs(fromDoor) < 0.23 && v > 0.25)
            return Math.Abs(fromDoor) > 0.18 || v < 0.3 ? Color.White * 0.95 : _door * (Math.Abs(fromDoor - 0.1) < 0.03 && Math.Abs(v - 0.65) < 0.04 ? 1.7 : 1);
        double acrossWindow = Math.Abs(x + 0.42 * _doorSide), downWindow = Math.Abs(v - 0.38);
        if (acrossWindow < 0.32 && downWindow < 0.3)
            return acrossWindow > 0.26 || downWindow > 0.24 || acrossWindow < 0.03 || downWindow < 0.03 ? Color.White * 0.95 : _glass * (1.15 - 0.5 * (x + v) * 0.4);
        return _wall * (shadow * Texture(x, v));
    }

    private double Texture(double x, double v)
    {
        if (!_bricks)
            return 0.95 + 0.12 * (_noise.Fractal(x * 9, v * 9, 2) - 0.5);
        double row = (v + 1) * 8;
        double brick = x * 5 + ((int)row % 2 == 0 ? 0.5 : 0);
        bool joint = row - Math.Floor(row) < 0.2 || brick - Math.Floor(brick) < 0.1;
        return joint ? 1.2 : 0.9 + 0.25 * (_noise.At(Math.Floor(brick) * 3.7, Math.Floor(row) * 2.9) - 0.5);
    }
}
