namespace SamSegmentation.ML.Imaging;

/// <summary>An image file that cannot be read: what is wrong, in which file, and where in it.</summary>
public sealed class ImageFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The file, or null for an image that came from memory.</param>
    /// <param name="place">Where in the file: a chunk, marker or pixel, with its offset in bytes where it has one.</param>
    /// <param name="reason">What was expected and what was found.</param>
    /// <param name="innerException">The failure beneath, if there is one.</param>
    public ImageFormatException(string? path, string place, string reason, Exception? innerException = null)
        : base($"{path ?? "image in memory"}, {place}: {reason}", innerException)
    {
        Path = path;
        Place = place;
        Reason = reason;
    }

    /// <summary>The file, or null for an image that came from memory.</summary>
    public string? Path { get; }

    /// <summary>Where in the file.</summary>
    public string Place { get; }

    /// <summary>What was expected and what was found.</summary>
    public string Reason { get; }
}
