namespace SamSegmentation.ML.Training;

/// <summary>
/// A run cannot be resumed: it was begun with something else than what is given now, or its folder holds nothing sound to
/// go on from. Nothing in the folder was changed.
/// </summary>
public sealed class ResumeException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="reason">Why, and what to do.</param>
    /// <param name="details">Every single difference or damage; at least one where there are any.</param>
    public ResumeException(string runFolder, string reason, IReadOnlyList<string>? details = null)
        : base($"The run in '{runFolder}' cannot be resumed: {reason}{string.Concat((details ?? []).Select(detail => $"{Environment.NewLine}- {detail}"))}")
    {
        RunFolder = runFolder;
        Details = details ?? [];
    }

    /// <summary>The run's folder.</summary>
    public string RunFolder { get; }

    /// <summary>Every single difference or damage; empty where the reason says all.</summary>
    public IReadOnlyList<string> Details { get; }
}
