namespace SamSegmentation.ML.Imaging;

/// <summary>The bytes of an image file.</summary>
internal static class ImageBytes
{
    /// <summary>Reads a whole file; one that an array cannot hold is no image that we decode.</summary>
    public static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        long length = new FileInfo(path).Length;
        return length <= Array.MaxLength
            ? File.ReadAllBytes(path)
            : throw new ImageFormatException(path, "file", $"{length} bytes; expected at most {Array.MaxLength}");
    }

    /// <summary>The first bytes in hexadecimal, for messages about wrong signatures.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? "nothing (the file is empty)" : "bytes " + Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)]);
}
