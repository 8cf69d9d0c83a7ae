using System.Buffers.Binary;

namespace SamSegmentation.ML.Imaging.Png;

/// <summary>The IHDR chunk.</summary>
/// <param name="Height">Height in pixels, at least 1.</param>
/// <param name="Width">Width in pixels, at least 1.</param>
/// <param name="BitDepth">Bits of a sample: 1, 2, 4, 8 or 16.</param>
/// <param name="ColorType">What the samples mean.</param>
/// <param name="Interlaced">Whether the rows come in Adam7's seven passes.</param>
internal readonly record struct PngHeader(int Height, int Width, int BitDepth, PngColorType ColorType, bool Interlaced)
{
    /// <summary>Length of the chunk's data in bytes.</summary>
    public const int Length = 13;

    /// <summary>Where the chunk always is: after the signature of 8 bytes.</summary>
    public const string Place = "chunk IHDR at byte 8";

    /// <summary>Samples of a pixel.</summary>
    public int Channels => ColorType switch
    {
        PngColorType.Rgb => 3,
        PngColorType.GrayAlpha => 2,
        PngColorType.Rgba => 4,
        _ => 1,
    };

    /// <summary>Bits of a pixel.</summary>
    public int BitsPerPixel => BitDepth * Channels;

    /// <summary>Bytes of a row of the given width, without its filter byte.</summary>
    public long RowBytes(int width) => (((long)width * BitsPerPixel) + 7) / 8;

    /// <summary>Reads and checks the chunk's data.</summary>
    public static PngHeader Parse(ReadOnlySpan<byte> data, string? path)
    {
        if (data.Length != Length)
        {
            throw new ImageFormatException(path, Place, $"{data.Length} bytes long; expected {Length}");
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
        {
            throw new ImageFormatException(path, Place, $"size {width}×{height}; expected 1 to {int.MaxValue} each");
        }

        (byte depth, byte color, byte compression, byte filter, byte interlace) = (data[8], data[9], data[10], data[11], data[12]);
        if (!IsAllowed(depth, color))
        {
            throw new ImageFormatException(path, Place, $"bit depth {depth} with colour type {color} is no combination of the PNG format");
        }

        if (compression != 0 || filter != 0 || interlace > 1)
        {
            throw new ImageFormatException(path, Place,
                $"compression {compression}, filter {filter}, interlace {interlace}; expected 0, 0 and 0 or 1");
        }

        return new PngHeader((int)height, (int)width, depth, (PngColorType)color, interlace == 1);
    }

    /// <summary>The kind of image in words.</summary>
    public string Describe() => $"{BitDepth}-bit " + ColorType switch
    {
        PngColorType.Gray => "grey",
        PngColorType.Rgb => "RGB",
        PngColorType.Palette => "palette",
        PngColorType.GrayAlpha => "grey with alpha",
        _ => "RGBA",
    };

    private static bool IsAllowed(byte depth, byte color) => color switch
    {
        (byte)PngColorType.Gray => depth is 1 or 2 or 4 or 8 or 16,
        (byte)PngColorType.Palette => depth is 1 or 2 or 4 or 8,
        (byte)PngColorType.Rgb or (byte)PngColorType.GrayAlpha or (byte)PngColorType.Rgba => depth is 8 or 16,
        _ => false,
    };
}
