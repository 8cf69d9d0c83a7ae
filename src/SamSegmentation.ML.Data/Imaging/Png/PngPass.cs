namespace SamSegmentation.ML.Imaging.Png;

/// <summary>One of the reduced images that a PNG is stored as: the whole image, or one of Adam7's seven.</summary>
/// <param name="FirstX">Column of its first pixel in the image.</param>
/// <param name="FirstY">Row of its first pixel in the image.</param>
/// <param name="StepX">Columns from a pixel to the next.</param>
/// <param name="StepY">Rows from a pixel to the next.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
internal readonly record struct PngPass(int FirstX, int FirstY, int StepX, int StepY, int Width, int Height)
{
    // PNG specification, section 8.2.
    private static readonly (int X, int Y, int StepX, int StepY)[] _adam7 =
    [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ];

    /// <summary>The passes of an image in the file's order; those without a pixel are not stored and left out.</summary>
    public static IEnumerable<PngPass> Of(PngHeader header)
    {
        if (!header.Interlaced)
        {
            yield return new PngPass(0, 0, 1, 1, header.Width, header.Height);
            yield break;
        }

        foreach ((int x, int y, int stepX, int stepY) in _adam7)
        {
            if (header.Width > x && header.Height > y)
            {
                yield return new PngPass(x, y, stepX, stepY, Count(header.Width, x, stepX), Count(header.Height, y, stepY));
            }
        }
    }

    private static int Count(int length, int first, int step) => ((length - first - 1) / step) + 1;
}
