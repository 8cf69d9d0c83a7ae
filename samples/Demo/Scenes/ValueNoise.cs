namespace SamSegmentation.Demo.Scenes;

/// <summary>Smooth random numbers over the plane: hashed values at integer points, interpolated in between.</summary>
public sealed class ValueNoise(ulong seed)
{
    /// <summary>A value in 0..1 that changes over distances of about 1.</summary>
    public double At(double x, double y)
    {
        double left = Math.Floor(x), top = Math.Floor(y);
        double u = Smooth(x - left), v = Smooth(y - top);
        long column = (long)left, row = (long)top;
        double above = Corner(column, row) * (1 - u) + Corner(column + 1, row) * u;
        double below = Corner(column, row + 1) * (1 - u) + Corner(column + 1, row + 1) * u;
        return above * (1 - v) + below * v;
    }

    /// <summary>A sum of <paramref name="octaves"/> noises, each twice as fine and half as strong; 0..1.</summary>
    public double Fractal(double x, double y, int octaves)
    {
        double sum = 0, weight = 0;
        for (double strength = 1; octaves > 0; octaves--, strength /= 2)
        {
            sum += strength * At(x, y);
            weight += strength;
            // The shift keeps the octaves' grids from coinciding at the origin.
            (x, y) = (2 * x + 17.3, 2 * y + 9.1);
        }
        return sum / weight;
    }

    private static double Smooth(double t) => t * t * (3 - 2 * t);

    private double Corner(long x, long y) => (SceneRandom.Mix(seed, (ulong)x, (ulong)y) >> 11) * (1.0 / (1L << 53));
}
