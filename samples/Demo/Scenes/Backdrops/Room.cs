namespace SamSegmentation.Demo.Scenes.Backdrops;

/// <summary>A papered or plain wall above a floor of boards or tiles.</summary>
public sealed class Room : Backdrop
{
    private readonly ValueNoise _noise;
    private readonly Color _wall;
    private readonly Color _pattern;
    private readonly int _paper;
    private readonly double _period;
    private readonly Color _floor;
    private readonly bool _boards;

    public Room(SceneRandom random, int height, int width)
        : base(height, width, height * random.Next(0.42, 0.6))
    {
        _noise = new ValueNoise(random.NextBits());
        _wall = Color.FromHsv(random.Next(), random.Next(0.08, 0.4), random.Next(0.55, 0.92));
        _pattern = Color.Mix(_wall, random.Chance(0.5) ? Color.White : Paint.Pick(random), random.Next(0.25, 0.5));
        _paper = random.NextInteger(0, 3);
        _period = random.Next(9, 18);
        _boards = random.Chance(0.6);
        _floor = _boards ? Paint.PickWood(random) : Color.FromHsv(random.Next(), random.Next(0.05, 0.25), random.Next(0.5, 0.85));
    }

    protected override Color AboveFloor(double x, double y)
    {
        // A skirting board.
        if (y > FloorTop - 0.035 * Height)
            return new Color(0.9, 0.89, 0.86) * (y > FloorTop - 0.012 * Height ? 0.8 : 1);
        double across = x / _period, down = y / _period;
        bool figured = _paper switch
        {
            0 => false,
            1 => across % 1 < 0.4,
            2 => Distance(across, down) < 0.22,
            _ => ((int)(across + down) + (int)(across - down + 1000)) % 2 == 0,
        };
        double light = 0.92 + 0.12 * _noise.Fractal(x / 30, y / 30, 3) - 0.1 * y / FloorTop;
        return (figured ? _pattern : _wall) * light;
    }

    protected override Color OnFloor(double x, double y)
    {
        var (floorX, floorY, nearness) = Project(x, y);
        // Far away the pattern is too fine for the pixels and would only flicker.
        double contrast = Math.Clamp(2.5 * (nearness - 0.1), 0, 1);
        return _floor * (0.92 + contrast * ((_boards ? Boards(floorX, floorY) : Tiles(floorX, floorY)) - 0.92));
    }

    private double Boards(double x, double y)
    {
        double board = x / 3;
        double tone = 0.85 + 0.25 * _noise.At(Math.Floor(board) * 7.7, 3.3) + 0.2 * (_noise.At(x * 5, y * 0.8) - 0.5);
        return Fraction(board) < 0.07 ? 0.6 : tone;
    }

    private double Tiles(double x, double y)
    {
        double column = x / 4, row = y / 2;
        bool dark = ((long)Math.Floor(column) + (long)Math.Floor(row)) % 2 == 0;
        bool joint = Fraction(column) < 0.06 || Fraction(row) < 0.06;
        return (joint ? 0.68 : dark ? 0.82 : 1.05) + 0.1 * (_noise.At(x * 3, y * 3) - 0.5);
    }

    private static double Distance(double across, double down)
    {
        double row = Math.Floor(down);
        double x = Fraction(across + (row % 2 == 0 ? 0 : 0.5)) - 0.5, y = down - row - 0.5;
        return Math.Sqrt(x * x + y * y);
    }

    private static double Fraction(double value) => value - Math.Floor(value);
}
