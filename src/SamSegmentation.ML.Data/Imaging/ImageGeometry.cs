namespace SamSegmentation.ML.Imaging;

/// <summary>Where a photograph lies in the network's square input: at the top left, padding to the right and below.</summary>
/// <param name="OriginalHeight">The photograph's own height in pixels.</param>
/// <param name="OriginalWidth">The photograph's own width in pixels.</param>
/// <param name="ContentHeight">The resized photograph's height in pixels, 1 to <paramref name="Size"/>.</param>
/// <param name="ContentWidth">The resized photograph's width in pixels, 1 to <paramref name="Size"/>.</param>
/// <param name="Size">The input's side in pixels.</param>
public readonly record struct ImageGeometry(int OriginalHeight, int OriginalWidth, int ContentHeight, int ContentWidth, int Size)
{
    /// <summary>The part of the input's height that the photograph takes: above 0, up to 1.</summary>
    public double ContentHeightFraction => (double)ContentHeight / Size;

    /// <summary>The part of the input's width that the photograph takes: above 0, up to 1.</summary>
    public double ContentWidthFraction => (double)ContentWidth / Size;

    /// <summary>Where a photograph goes.</summary>
    /// <param name="height">Its height in pixels, at least 1.</param>
    /// <param name="width">Its width in pixels, at least 1.</param>
    /// <param name="size">The input's side in pixels, at least 1.</param>
    /// <param name="mode">
    /// <see cref="Preprocessing.Sam"/>: both sides times size / longest side, to the nearest pixel (SAM's
    /// <c>ResizeLongestSide</c>), but at least 1. <see cref="Preprocessing.Stretch"/>: the whole square.
    /// </param>
    /// <returns>The geometry.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1, or the mode is unknown.</exception>
    public static ImageGeometry Of(int height, int width, int size, Preprocessing mode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        double scale = (double)size / Math.Max(height, width);
        return mode switch
        {
            Preprocessing.Sam => new ImageGeometry(height, width, Scale(height, scale), Scale(width, scale), size),
            Preprocessing.Stretch => new ImageGeometry(height, width, size, size, size),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Unknown preprocessing."),
        };
    }

    /// <summary>The size of an image that is to be no longer than some pixels; smaller ones keep theirs.</summary>
    /// <param name="height">The image's height in pixels, at least 1.</param>
    /// <param name="width">Its width in pixels, at least 1.</param>
    /// <param name="longestSide">The longest side that is allowed, in pixels, at least 1.</param>
    /// <returns>Both sides at one scale, to the nearest pixel, but at least 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    public static (int Height, int Width) SizeWithin(int height, int width, int longestSide)
    {
        var fitted = Of(height, width, Math.Min(longestSide, Math.Max(height, width)), Preprocessing.Sam);
        return (fitted.ContentHeight, fitted.ContentWidth);
    }

    // A photograph more than twice as long as the input size would otherwise lose a side of one pixel.
    private static int Scale(int side, double scale) => Math.Max(1, (int)((side * scale) + 0.5));
}
