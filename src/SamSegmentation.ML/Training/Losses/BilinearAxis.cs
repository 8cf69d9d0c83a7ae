namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// One axis of bilinear interpolation with align_corners: false, from cells to the first pixels of a longer line: the
/// centre of pixel i lies at (i + ½)·cells/size − ½ in cells.
/// </summary>
internal sealed class BilinearAxis
{
    /// <summary>Describes the axis.</summary>
    /// <param name="cells">Cells of the whole line.</param>
    /// <param name="size">Pixels of the whole line.</param>
    /// <param name="pixels">Pixels that are wanted, from the line's start.</param>
    public BilinearAxis(int cells, int size, int pixels)
    {
        (Near, Far, Share) = (new int[pixels], new int[pixels], new float[pixels]);
        var scale = (double)cells / size;
        for (var i = 0; i < pixels; i++)
        {
            var centre = Math.Max(0, (i + 0.5) * scale - 0.5);
            Near[i] = Math.Min((int)centre, cells - 1);
            Far[i] = Math.Min(Near[i] + 1, cells - 1);
            Share[i] = Far[i] == Near[i] ? 0 : (float)(centre - Near[i]);
        }
    }

    /// <summary>The cell before each pixel; it never falls from one pixel to the next.</summary>
    public int[] Near { get; }

    /// <summary>The cell behind each pixel, which is the same at the line's end.</summary>
    public int[] Far { get; }

    /// <summary>How much of each pixel comes from <see cref="Far"/>; the rest is <see cref="Near"/>'s.</summary>
    public float[] Share { get; }
}
