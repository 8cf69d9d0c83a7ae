namespace SamSegmentation.ML.Imaging;

/// <summary>How large an image may say it is before its pixels are decoded.</summary>
public sealed record ImageLimits
{
    private readonly long _maxPixels = 178_956_970;

    /// <summary>The default limits.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>The largest height × width that is decoded.</summary>
    /// <value>Default 178,956,970, where Pillow too refuses. At least 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxPixels
    {
        get => _maxPixels;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxPixels = value;
        }
    }

    /// <summary>Throws if an image of this size must not be decoded.</summary>
    /// <param name="height">Height in pixels, as the file declares it.</param>
    /// <param name="width">Width in pixels, as the file declares it.</param>
    /// <param name="bytesPerPixel">What a pixel takes in memory: an array cannot hold more than 2³¹ bytes.</param>
    /// <param name="path">The file, for the message.</param>
    /// <param name="place">Where the file declares its size.</param>
    internal void Check(int height, int width, int bytesPerPixel, string? path, string place)
    {
        long pixels = (long)height * width;
        if (pixels > MaxPixels)
        {
            throw new ImageFormatException(path, place,
                $"{width}×{height} is {pixels} pixels; expected at most {MaxPixels} ({nameof(ImageLimits)}.{nameof(MaxPixels)})");
        }

        if (pixels > Array.MaxLength / bytesPerPixel)
        {
            throw new ImageFormatException(path, place,
                $"{width}×{height} is {pixels} pixels; expected at most {Array.MaxLength / bytesPerPixel}, what an array can hold");
        }
    }
}
