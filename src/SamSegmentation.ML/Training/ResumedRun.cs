namespace SamSegmentation.ML.Training;

/// <summary>Where a run goes on that <see cref="TrainingOptions.Resume"/> has taken up.</summary>
public sealed record ResumedRun
{
    /// <summary>Epochs that had ended.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps that had been taken, those of the epoch in hand among them.</summary>
    public required long Step { get; init; }

    /// <summary>Whether the run had come to its end: then nothing is trained, and the network gets the weights that it ended with.</summary>
    public required bool Finished { get; init; }

    /// <summary>What was found damaged or cut short, and what was done about it; empty as a rule.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
