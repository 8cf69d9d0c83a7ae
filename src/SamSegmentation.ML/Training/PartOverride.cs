namespace SamSegmentation.ML.Training;

/// <summary>A learning rate and weight decay of its own for one part of the network; null keeps the run's.</summary>
public sealed record PartOverride
{
    /// <summary>The part's base learning rate; the schedule multiplies it as it does the run's.</summary>
    /// <value>The default is null: <see cref="TrainingOptions.LearningRate"/>. At least 0.</value>
    public double? LearningRate { get; init; }

    /// <summary>The part's weight decay.</summary>
    /// <value>The default is null: <see cref="TrainingOptions.WeightDecay"/>. At least 0.</value>
    public double? WeightDecay { get; init; }
}
