using SamSegmentation.ML.Modeling.Memory;

namespace SamSegmentation.ML.Training;

/// <summary>How far a training run has come.</summary>
public sealed record TrainingProgress
{
    /// <summary>What the run is doing.</summary>
    public required TrainingStage Stage { get; init; }

    /// <summary>What the stage has done: steps of the epoch in <see cref="TrainingStage.Training"/>, files in <see cref="TrainingStage.Saving"/>, images otherwise; of training images all views that are cached.</summary>
    public int Done { get; init; }

    /// <summary>What the stage will have done at its end; null while it is not known, because a sequence does not say its length.</summary>
    public int? Total { get; init; }

    /// <summary>The epoch, from 1; 0 while preparing.</summary>
    public int Epoch { get; init; }

    /// <summary>The run's epochs.</summary>
    public int Epochs { get; init; }

    /// <summary>The last step's loss; null outside <see cref="TrainingStage.Training"/>.</summary>
    public double? Loss { get; init; }

    /// <summary>The last step's learning rate; null outside <see cref="TrainingStage.Training"/>.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The epoch that has just ended; given once for each, after its files are written.</summary>
    public EpochMetrics? Completed { get; init; }

    /// <summary>
    /// That fewer images than were asked for go through the network at once from now on, because they did not fit the device's
    /// memory; given once for each time.
    /// </summary>
    public ReducedBatch? Reduced { get; init; }

    /// <summary>Where a run goes on that was taken up again; given once, before its first step.</summary>
    public ResumedRun? Resumed { get; init; }
}
