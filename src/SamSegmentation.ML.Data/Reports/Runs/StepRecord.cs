namespace SamSegmentation.ML.Reports.Runs;

/// <summary>A step of a run's log.</summary>
/// <param name="Step">Its number.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="LearningRate">The base learning rate.</param>
/// <param name="PartLearningRates">The learning rates of parts that have their own.</param>
internal sealed record StepRecord(long Step, double Loss, double LearningRate, IReadOnlyDictionary<string, double> PartLearningRates);
