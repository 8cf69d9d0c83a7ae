using SamSegmentation.ML.Imaging;

namespace SamSegmentation.WebDemo;

/// <summary>What visitors may send.</summary>
internal static class Photographs
{
    /// <summary>The largest file.</summary>
    public const long MaxBytes = 20_000_000;

    /// <summary>The largest photograph, looked at before it is decoded.</summary>
    public static ImageLimits Limits { get; } = new() { MaxPixels = 25_000_000 };

    /// <summary>Reads a request's body.</summary>
    /// <exception cref="BadHttpRequestException">It is empty or too large.</exception>
    public static async Task<byte[]> ReadAsync(Stream body, CancellationToken cancellation)
    {
        using var file = new MemoryStream();
        await body.CopyToAsync(file, cancellation);
        return file.Length > 0 ? file.ToArray() : throw new BadHttpRequestException("The file is empty; expected a JPEG or PNG.");
    }
}
