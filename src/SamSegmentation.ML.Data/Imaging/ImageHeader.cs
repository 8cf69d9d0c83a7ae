using SamSegmentation.ML.Imaging.Jpeg;
using SamSegmentation.ML.Imaging.Png;

namespace SamSegmentation.ML.Imaging;

/// <summary>Reads what an image file says about itself, without decoding it.</summary>
public static class ImageHeader
{
    // Holds the header of nearly every photograph; embedded thumbnails and colour profiles can make it longer.
    private const int FirstRead = 1 << 16;

    /// <summary>Reads format and size of a PNG or JPEG file.</summary>
    /// <param name="path">The file; its name's extension does not matter.</param>
    /// <returns>Format, height and width. No limit is applied: the size is only the file's word.</returns>
    /// <exception cref="ImageFormatException">The file is neither PNG nor JPEG, or its header is damaged or cut off.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static ImageInfo Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] bytes = [];
        for (long wanted = FirstRead; ; wanted *= 4)
        {
            int length = (int)Math.Min(Math.Min(wanted, stream.Length), Array.MaxLength);
            int known = bytes.Length;
            Array.Resize(ref bytes, length);
            stream.ReadExactly(bytes.AsSpan(known));
            if (TryParse(bytes, isWhole: length < wanted || length == stream.Length, path) is { } info)
            {
                return info;
            }
        }
    }

    /// <summary>
    /// Checks a whole file: its header against the limits, and that it is complete, chunk by chunk or marker by marker
    /// up to its end. Decoders draw what is there of a file that was cut off, and grey below.
    /// </summary>
    internal static ImageInfo Verify(ReadOnlySpan<byte> bytes, ImageLimits limits, string? path)
    {
        const int decodedBytesPerPixel = 4;
        if (bytes.StartsWith(PngChunkReader.Signature))
        {
            PngHeader header = PngFile.Parse(bytes, limits, path).Header;
            limits.Check(header.Height, header.Width, decodedBytesPerPixel, path, PngHeader.Place);
            return new ImageInfo(ImageFormat.Png, header.Height, header.Width);
        }

        ImageInfo info = TryParse(bytes, isWhole: true, path)!.Value;
        limits.Check(info.Height, info.Width, decodedBytesPerPixel, path, "JPEG frame header");
        JpegFile.CheckComplete(bytes, path);
        return info;
    }

    // Null: the header goes on beyond these bytes, and the file has more.
    private static ImageInfo? TryParse(ReadOnlySpan<byte> bytes, bool isWhole, string? path)
    {
        if (bytes.StartsWith(PngChunkReader.Signature))
        {
            PngHeader header = PngFile.ParseHeader(bytes, path);
            return new ImageInfo(ImageFormat.Png, header.Height, header.Width);
        }

        return bytes.StartsWith(JpegMarkerReader.Signature)
            ? JpegFile.TryReadSize(bytes, isWhole, path)
            : throw new ImageFormatException(path, "byte 0",
                "expected a PNG (89504E470D0A1A0A) or JPEG (FFD8FF) signature, found " + ImageBytes.Describe(bytes));
    }
}
