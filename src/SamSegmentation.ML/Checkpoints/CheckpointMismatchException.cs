namespace SamSegmentation.ML.Checkpoints;

/// <summary>A sound checkpoint holds the weights of another network. The message lists every difference.</summary>
public sealed class CheckpointMismatchException : Exception
{
    /// <summary>Makes the error of one checkpoint and one network.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="summary">What the checkpoint is and what the network is, in one sentence.</param>
    /// <param name="missing">Names that the network needs and the checkpoint lacks.</param>
    /// <param name="unexpected">Names that the checkpoint has and the network lacks.</param>
    /// <param name="misshaped">Names whose shape or dtype does not fit, each with both.</param>
    public CheckpointMismatchException(
        string path,
        string summary,
        IReadOnlyList<string> missing,
        IReadOnlyList<string> unexpected,
        IReadOnlyList<string> misshaped)
        : base($"Checkpoint '{path}' does not fit the network: {summary}"
            + List("missing", missing) + List("unexpected", unexpected) + List("of another shape or dtype", misshaped))
    {
        Path = path;
        Missing = missing;
        Unexpected = unexpected;
        Misshaped = misshaped;
    }

    /// <summary>The checkpoint.</summary>
    public string Path { get; }

    /// <summary>Names that the network needs and the checkpoint lacks.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Names that the checkpoint has and the network lacks.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>Names whose shape or dtype does not fit, each with both.</summary>
    public IReadOnlyList<string> Misshaped { get; }

    private static string List(string title, IReadOnlyList<string> names) =>
        names.Count == 0 ? "" : $"{Environment.NewLine}- {names.Count} {title}: {string.Join("; ", names)}";
}
