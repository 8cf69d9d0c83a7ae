using Microsoft.ML.Imaging.Codecs;

namespace Microsoft.ML.Data;

/// <summary>
/// A decoded image of four bytes per pixel. The real one wraps Skia's bitmap; this one holds an array, filled by
/// libjpeg-turbo or libpng, with Skia's conventions: colours multiplied by alpha, no colour management, no EXIF
/// orientation, and files that end too early are accepted.
/// </summary>
public sealed class MLImage : IDisposable
{
    private const int SaveQuality = 100;

    private static readonly HashSet<string> _knownExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".bmp", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".astc", ".avif", ".dng", ".heif", ".ktx", ".pkm", ".wbmp", ".webp",
    };

    private Bitmap _image;
    private string _tag;

    private MLImage(Bitmap image) => _image = image;

    public MLPixelFormat PixelFormat => Image.IsBgra ? MLPixelFormat.Bgra32 : MLPixelFormat.Rgba32;

    public int Width => Image.Width;

    public int Height => Image.Height;

    public int BitsPerPixel
    {
        get
        {
            _ = Image;
            return 32;
        }
    }

    public ReadOnlySpan<byte> Pixels => Image.Pixels;

    public string Tag
    {
        get
        {
            _ = Image;
            return _tag;
        }

        set
        {
            _ = Image;
            _tag = value;
        }
    }

    /// <summary>Blue, green, red of each pixel, before the multiplication by alpha.</summary>
    public byte[] GetBGRPixels
    {
        get
        {
            var straight = Image.Straight();
            var (blue, red) = Image.IsBgra ? (0, 2) : (2, 0);
            var pixels = new byte[straight.Length / 4 * 3];
            for (int from = 0, to = 0; from < straight.Length; from += 4, to += 3)
            {
                pixels[to] = straight[from + blue];
                pixels[to + 1] = straight[from + 1];
                pixels[to + 2] = straight[from + red];
            }

            return pixels;
        }
    }

    private Bitmap Image => _image ?? throw new InvalidOperationException("Object is disposed.");

    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentNullException.ThrowIfNull(imagePath);
        // The real one cannot tell an absent file from a foreign one either.
        var image = File.Exists(imagePath) ? Decode(File.ReadAllBytes(imagePath)) : null;
        return new MLImage(image ?? throw new ArgumentException("Invalid path", nameof(imagePath)));
    }

    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        using var copy = new MemoryStream();
        imageStream.CopyTo(copy);
        var image = Decode(copy.GetBuffer().AsSpan(0, (int)copy.Length));
        return new MLImage(image ?? throw new ArgumentException("Invalid input stream contents", nameof(imageStream)));
    }

    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException("Unsupported pixel format", nameof(pixelFormat));
        if (width <= 0)
            throw new ArgumentException("Invalid width value.", nameof(width));
        if (height <= 0)
            throw new ArgumentException("Invalid height value.", nameof(height));
        if (imagePixelData.Length != (long)width * height * 4)
            throw new ArgumentException($"Invalid {nameof(imagePixelData)} buffer size.");
        return new MLImage(new Bitmap(width, height, pixelFormat == MLPixelFormat.Bgra32, opaque: false, imagePixelData.ToArray()));
    }

    /// <summary>Writes PNG or JPEG, as the extension says. The real one writes WebP too.</summary>
    public void Save(string imagePath)
    {
        var image = Image;
        var extension = Path.GetExtension(imagePath);
        if (!_knownExtensions.Contains(extension))
            throw new ArgumentException("Path has invalid image file extension.", nameof(imagePath));
        var data = extension.ToLowerInvariant() switch
        {
            ".png" => LibPng.Encode(image),
            ".jpg" or ".jpeg" => TurboJpeg.Encode(image, SaveQuality),
            _ => throw new ArgumentException(
                $"Saving image with the format '{extension}' is not supported. Try save it with `Jpeg`, `Png`, or `Webp` format.", nameof(imagePath)),
        };
        File.WriteAllBytes(imagePath, data);
    }

    public void Dispose() => _image = null;

    private static Bitmap Decode(ReadOnlySpan<byte> file) =>
        TurboJpeg.IsJpeg(file) ? TurboJpeg.Decode(file) : PngChunks.IsPng(file) ? LibPng.Decode(file) : null;
}
