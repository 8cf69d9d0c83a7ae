namespace SamSegmentation.Demo.Scenes.Backdrops;

/// <summary>A sky with clouds, a ridge of hills and open ground.</summary>
public sealed class Landscape : Backdrop
{
    private static readonly (Color Top, Color Horizon, Color Cloud)[] s_skies =
    [
        (new(0.33, 0.58, 0.90), new(0.80, 0.90, 0.98), new(1, 1, 1)),
        (new(0.47, 0.68, 0.88), new(0.93, 0.93, 0.88), new(0.98, 0.97, 0.95)),
        (new(0.38, 0.33, 0.58), new(0.98, 0.70, 0.48), new(0.98, 0.62, 0.55)),
        (new(0.60, 0.64, 0.68), new(0.82, 0.83, 0.83), new(0.90, 0.90, 0.90)),
        (new(0.16, 0.20, 0.42), new(0.45, 0.47, 0.66), new(0.38, 0.40, 0.58)),
    ];

    private static readonly (Color Light, Color Dark)[] s_grounds =
    [
        (new(0.55, 0.70, 0.32), new(0.30, 0.48, 0.20)),
        (new(0.72, 0.74, 0.42), new(0.48, 0.52, 0.26)),
        (new(0.90, 0.80, 0.58), new(0.74, 0.62, 0.40)),
        (new(0.94, 0.95, 0.98), new(0.76, 0.82, 0.90)),
        (new(0.62, 0.58, 0.54), new(0.42, 0.40, 0.39)),
        (new(0.66, 0.48, 0.36), new(0.46, 0.32, 0.24)),
    ];

    private readonly ValueNoise _noise;
    private readonly (Color Top, Color Horizon, Color Cloud) _sky;
    private readonly (Color Light, Color Dark) _ground;
    private readonly double _cloudiness;
    private readonly double _hillHeight;
    private readonly Color _hills;

    public Landscape(SceneRandom random, int height, int width)
        : base(height, width, height * random.Next(0.38, 0.58))
    {
        _noise = new ValueNoise(random.NextBits());
        _sky = random.Pick<(Color, Color, Color)>(s_skies);
        _ground = random.Pick<(Color, Color)>(s_grounds);
        _cloudiness = random.Next(0.35, 0.6);
        _hillHeight = height * random.Next(0.05, 0.2);
        _hills = Color.Mix(_ground.Dark, _sky.Horizon, random.Next(0.35, 0.7));
    }

    protected override Color AboveFloor(double x, double y)
    {
        double ridge = FloorTop - _hillHeight * _noise.Fractal(x * 4 / Width, 31.7, 4);
        if (y > ridge)
            return Color.Mix(_hills * 0.9, _hills, _noise.Fractal(x / 5, y / 3, 2));
        double t = y / FloorTop;
        var sky = Color.Mix(_sky.Top, _sky.Horizon, t * t);
        double cloud = _noise.Fractal(x * 3 / Width, y * 7 / Width, 4) - (1 - _cloudiness);
        return Color.Mix(sky, _sky.Cloud, Math.Clamp(cloud * 4, 0, 0.85));
    }

    protected override Color OnFloor(double x, double y)
    {
        var (floorX, floorY, nearness) = Project(x, y);
        double coarse = _noise.Fractal(floorX / 4, floorY / 1.5, 3);
        double fine = _noise.At(floorX * 4, floorY * 6);
        // Far away the texture is too fine for the pixels and would only flicker.
        double light = 0.5 + (coarse - 0.5) * 1.1 + (fine - 0.5) * 0.5 * Math.Min(1, 1.6 * nearness);
        return Color.Mix(_ground.Dark, _ground.Light, Math.Clamp(light, 0, 1));
    }
}
