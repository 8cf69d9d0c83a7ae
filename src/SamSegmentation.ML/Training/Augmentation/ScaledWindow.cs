using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Training.Augmentation;

/// <summary>The part of a scaled image that lies in a frame of the image's own size, at the frame's top left.</summary>
/// <param name="ScaledHeight">Height of the whole scaled image in pixels.</param>
/// <param name="ScaledWidth">Its width.</param>
/// <param name="Top">The part's first row in the scaled image.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Rows">Its rows, at most the frame's.</param>
/// <param name="Columns">Its columns, at most the frame's.</param>
internal readonly record struct ScaledWindow(int ScaledHeight, int ScaledWidth, int Top, int Left, int Rows, int Columns)
{
    // SAM's channel means, which preprocessing turns into the zeros of its own padding, but for a rounding.
    private static readonly byte[] s_padding = [.. SamPreprocessor.Mean.Select(mean => (byte)MathF.Round(mean))];

    /// <summary>The window that was drawn.</summary>
    /// <param name="height">The image's height, which is the frame's.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="draw">What was drawn.</param>
    public static ScaledWindow Of(int height, int width, AugmentationDraw draw)
    {
        var (scaledHeight, scaledWidth) = (Scale(height), Scale(width));
        var (rows, columns) = (Math.Min(height, scaledHeight), Math.Min(width, scaledWidth));
        return new ScaledWindow(scaledHeight, scaledWidth, Place(draw.Down, scaledHeight - rows), Place(draw.Across, scaledWidth - columns), rows, columns);

        int Scale(int side) => Math.Max(1, (int)Math.Floor(side * draw.Scale + 0.5));

        static int Place(double part, int last) => (int)(part * (last + 1));
    }

    /// <summary>The window's pixels, without the rest of the frame.</summary>
    public RgbImage Cut(RgbImage image) => PillowResize.BilinearWindow(image, ScaledHeight, ScaledWidth, Top, Left, Rows, Columns);

    /// <inheritdoc cref="Cut(RgbImage)"/>
    public LabelMap Cut(LabelMap map) => map.ResizeNearestWindow(ScaledHeight, ScaledWidth, Top, Left, Rows, Columns);

    /// <summary>A frame with an image at its top left, and SAM's mean colour elsewhere.</summary>
    public static RgbImage Pad(RgbImage image, int height, int width)
    {
        if (image.Height == height && image.Width == width)
            return image;
        var pixels = new byte[3 * height * width];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = s_padding[i % 3];
        for (var y = 0; y < image.Height; y++)
            image.Pixels.AsSpan(3 * y * image.Width, 3 * image.Width).CopyTo(pixels.AsSpan(3 * y * width));
        return new RgbImage(height, width, pixels);
    }

    /// <summary>A frame with a label at its top left, and void elsewhere.</summary>
    public static LabelMap Pad(LabelMap map, int height, int width, int voidId)
    {
        if (map.Height == height && map.Width == width)
            return map;
        var padded = new LabelMap(height, width);
        padded.Ids.AsSpan().Fill((ushort)voidId);
        for (var y = 0; y < map.Height; y++)
            map.Ids.AsSpan(y * map.Width, map.Width).CopyTo(padded.Ids.AsSpan(y * width));
        return padded;
    }
}
