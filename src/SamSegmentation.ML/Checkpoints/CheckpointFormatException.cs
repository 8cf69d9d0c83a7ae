namespace SamSegmentation.ML.Checkpoints;

/// <summary>A checkpoint file is damaged, is not of a known format, or holds what this reader refuses.</summary>
public sealed class CheckpointFormatException : Exception
{
    // Names come from the file, and nobody reads a megabyte of them.
    private const int MaxText = 1000;

    /// <summary>Makes the error of one place in one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="place">Where in the file: a tensor's name, an offset, an archive's entry. It is cut after 1,000 characters.</param>
    /// <param name="reason">What was expected and what was found. It is cut after 1,000 characters.</param>
    /// <param name="innerException">The parser's own error, if there was one.</param>
    public CheckpointFormatException(string path, string place, string reason, Exception? innerException = null)
        : base($"Checkpoint '{path}', {Shorten(place)}: {Shorten(reason)}", innerException)
    {
        Path = path;
        Place = Shorten(place);
        Reason = Shorten(reason);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Where in the file: a tensor's name, an offset, an archive's entry.</summary>
    public string Place { get; }

    /// <summary>What was expected and what was found.</summary>
    public string Reason { get; }

    private static string Shorten(string text) => text.Length <= MaxText ? text : $"{text[..MaxText]}…";
}
