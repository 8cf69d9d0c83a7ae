namespace SamSegmentation.ML.Training.Resuming;

/// <summary>Where a run stands, and how it came there.</summary>
/// <param name="State">Steps and epochs, and the best so far.</param>
/// <param name="Epochs">The epochs that have ended.</param>
/// <param name="Tally">The epoch in hand; null between epochs.</param>
internal sealed record RunPosition(TrainingState State, IReadOnlyList<EpochMetrics> Epochs, EpochTally? Tally);
