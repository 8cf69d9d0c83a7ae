using System.Text.Json;

namespace SamSegmentation.ML.Reports.Runs;

/// <summary>What the log of a run tells.</summary>
internal sealed record RunRecord
{
    /// <summary>The line that the run began with: options, classes, versions and what was trained.</summary>
    public required JsonElement Start { get; init; }

    /// <summary>The steps that were logged.</summary>
    public required IReadOnlyList<StepRecord> Steps { get; init; }

    /// <summary>The epochs that ended.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>The validation of the best epoch; null before the first.</summary>
    public ValidationRecord? Best { get; init; }

    /// <summary>The last validation; null before the first.</summary>
    public ValidationRecord? Last { get; init; }

    /// <summary>How it ended.</summary>
    public RunEnding Ending { get; init; }

    /// <summary>The error that ended it; empty otherwise.</summary>
    public string Failure { get; init; } = "";

    /// <summary>How often it was ended and went on.</summary>
    public int Resumed { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>When it was last heard of.</summary>
    public required DateTimeOffset LastHeard { get; init; }

    /// <summary>The validation of the weights that the network ends with: the best, unless the run was told not to keep them.</summary>
    public ValidationRecord? Shown =>
        Start.GetProperty("options").TryGetProperty("keepBest", out var keepBest) && !keepBest.GetBoolean() ? Last : Best ?? Last;
}
