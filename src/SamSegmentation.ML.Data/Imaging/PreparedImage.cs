namespace SamSegmentation.ML.Imaging;

/// <summary>A photograph that is resized for the network, still as bytes: a quarter of its tensor, and without padding.</summary>
public sealed class PreparedImage
{
    /// <summary>Creates a prepared image over an array, which is kept and not copied.</summary>
    /// <param name="pixels">Content height × content width × 3 bytes, row by row; red, green, blue.</param>
    /// <param name="geometry">Where the content lies in the network's input.</param>
    /// <exception cref="ArgumentException">The array is not of the content's size.</exception>
    public PreparedImage(byte[] pixels, ImageGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        long expected = 3L * geometry.ContentHeight * geometry.ContentWidth;
        if (pixels.Length != expected)
        {
            throw new ArgumentException(
                $"Content of {geometry.ContentWidth}×{geometry.ContentHeight} takes {expected} bytes, not {pixels.Length}.", nameof(pixels));
        }

        Pixels = pixels;
        Geometry = geometry;
    }

    /// <summary>Content height × content width × 3 bytes, row by row; red, green, blue.</summary>
    public byte[] Pixels { get; }

    /// <summary>Where the content lies in the network's input.</summary>
    public ImageGeometry Geometry { get; }
}
