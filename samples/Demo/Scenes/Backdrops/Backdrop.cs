namespace SamSegmentation.Demo.Scenes.Backdrops;

/// <summary>What lies behind the objects and carries them: class 0.</summary>
public abstract class Backdrop
{
    protected Backdrop(int height, int width, double floorTop)
    {
        Height = height;
        Width = width;
        FloorTop = floorTop;
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>The row where the floor begins; objects stand below it.</summary>
    public double FloorTop { get; }

    public static Backdrop Pick(SceneRandom random, int height, int width) =>
        random.Chance(0.65) ? new Landscape(random, height, width) : new Room(random, height, width);

    /// <summary>The colour of a pixel.</summary>
    public Color At(double x, double y) => y < FloorTop ? AboveFloor(x, y) : OnFloor(x, y);

    protected abstract Color AboveFloor(double x, double y);

    protected abstract Color OnFloor(double x, double y);

    /// <summary>A floor pixel's place on the floor seen in perspective; both coordinates grow by 1 over about the width of a foot.</summary>
    protected (double X, double Y, double Nearness) Project(double x, double y)
    {
        double nearness = (y - FloorTop + 0.06 * Height) / (Height - FloorTop + 0.06 * Height);
        return ((x - Width / 2.0) / (0.05 * Width * nearness), 6 / nearness, nearness);
    }
}
