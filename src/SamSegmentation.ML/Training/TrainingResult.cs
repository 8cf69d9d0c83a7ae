namespace SamSegmentation.ML.Training;

/// <summary>What a training run came to.</summary>
public sealed record TrainingResult
{
    /// <summary>The epochs that ended, in their order.</summary>
    public required IReadOnlyList<EpochMetrics> Epochs { get; init; }

    /// <summary>The epoch of the highest validation mIoU, the first of equal ones; null when none was validated.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Whether the run was cancelled before its end.</summary>
    public bool Cancelled { get; init; }

    /// <summary>The whole model's file; null when none was asked for or the run was cancelled.</summary>
    public string? ModelPath { get; init; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; init; }
}
