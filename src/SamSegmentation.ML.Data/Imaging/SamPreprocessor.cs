namespace SamSegmentation.ML.Imaging;

/// <summary>Makes the network's input of photographs of any size.</summary>
public sealed class SamPreprocessor
{
    internal const int Channels = 3;

    // What each of a channel's 256 values becomes: channel · 256 + value.
    private readonly float[] _values;

    /// <summary>Creates a preprocessor.</summary>
    /// <param name="imageSize">The side of the network's square input in pixels, at least 1 (1024 for SAM).</param>
    /// <param name="mode">How photographs are brought to that size and scaled.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is less than 1, or the mode is unknown.</exception>
    public SamPreprocessor(int imageSize, Preprocessing mode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(imageSize, 1);
        ImageSize = imageSize;
        Mode = mode;
        _values = MakeValues(mode);
    }

    /// <summary>SAM's channel means, of red, green, blue on 0 to 255 (ImageNet's).</summary>
    public static IReadOnlyList<float> Mean { get; } = [123.675f, 116.28f, 103.53f];

    /// <summary>SAM's channel standard deviations, of red, green, blue on 0 to 255 (ImageNet's).</summary>
    public static IReadOnlyList<float> StandardDeviation { get; } = [58.395f, 57.12f, 57.375f];

    /// <summary>The side of the network's square input in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>How photographs are brought to that size and scaled.</summary>
    public Preprocessing Mode { get; }

    /// <summary>Resizes a photograph.</summary>
    /// <param name="image">The photograph, of any size.</param>
    /// <returns>The resized photograph and where it lies in the input.</returns>
    public PreparedImage Prepare(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ImageGeometry geometry = ImageGeometry.Of(image.Height, image.Width, ImageSize, Mode);
        return new PreparedImage(PillowResize.Bilinear(image, geometry.ContentHeight, geometry.ContentWidth).Pixels, geometry);
    }

    /// <summary>Scales a prepared image into the network's input, whose padding is left as it is.</summary>
    /// <param name="image">An image prepared for this size.</param>
    /// <param name="target">3 × size × size values: red, green, blue, each row by row; zeros, which padding is.</param>
    /// <exception cref="ArgumentException">The image was prepared for another size.</exception>
    internal void Fill(PreparedImage image, Span<float> target)
    {
        ImageGeometry geometry = image.Geometry;
        if (geometry.Size != ImageSize)
        {
            throw new ArgumentException($"The image was prepared for size {geometry.Size}, not {ImageSize}.", nameof(image));
        }

        int plane = ImageSize * ImageSize;
        ReadOnlySpan<float> red = _values.AsSpan(0, 256), green = _values.AsSpan(256, 256), blue = _values.AsSpan(512, 256);
        for (int y = 0; y < geometry.ContentHeight; y++)
        {
            ReadOnlySpan<byte> row = image.Pixels.AsSpan(Channels * y * geometry.ContentWidth, Channels * geometry.ContentWidth);
            Span<float> redRow = target.Slice(y * ImageSize, geometry.ContentWidth);
            Span<float> greenRow = target.Slice(plane + (y * ImageSize), geometry.ContentWidth);
            Span<float> blueRow = target.Slice((2 * plane) + (y * ImageSize), geometry.ContentWidth);
            for (int x = 0; x < redRow.Length; x++)
            {
                redRow[x] = red[row[Channels * x]];
                greenRow[x] = green[row[(Channels * x) + 1]];
                blueRow[x] = blue[row[(Channels * x) + 2]];
            }
        }
    }

    private static float[] MakeValues(Preprocessing mode)
    {
        float[] values = new float[Channels * 256];
        for (int i = 0; i < values.Length; i++)
        {
            (int channel, int value) = (i / 256, i % 256);
            values[i] = mode switch
            {
                Preprocessing.Sam => (value - Mean[channel]) / StandardDeviation[channel],
                Preprocessing.Stretch => value / 255f,
                _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Unknown preprocessing."),
            };
        }

        return values;
    }
}
