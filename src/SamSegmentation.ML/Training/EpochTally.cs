using SamSegmentation.ML.Evaluation;

namespace SamSegmentation.ML.Training;

/// <summary>What the steps of an epoch in hand have come to.</summary>
/// <param name="epoch">The epoch, from 1.</param>
/// <param name="matrix">Counts the pixels that the steps look at; null when training is not measured.</param>
internal sealed class EpochTally(int epoch, ConfusionMatrix? matrix)
{
    /// <summary>Its counts.</summary>
    public ConfusionMatrix? Matrix => matrix;

    /// <summary>Its steps so far.</summary>
    public int Steps { get; init; }

    /// <summary>The steps' losses, each times its valid pixels.</summary>
    public double LossSum { get; init; }

    /// <summary>The steps' valid pixels.</summary>
    public long Pixels { get; init; }

    /// <summary>The last step's learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>The last step's loss.</summary>
    public double LastLoss { get; init; }

    /// <summary>The tally with another step, in the same matrix.</summary>
    public EpochTally With(double loss, long pixels, double learningRate) => new(epoch, matrix)
    {
        Steps = Steps + 1,
        LossSum = LossSum + loss * pixels,
        Pixels = Pixels + pixels,
        LearningRate = learningRate,
        LastLoss = loss,
    };

    /// <summary>What the epoch came to, without validation.</summary>
    /// <param name="step">Steps of the run up to here.</param>
    /// <param name="classes">The classes' names.</param>
    public EpochMetrics ToMetrics(long step, IReadOnlyList<string> classes) => new()
    {
        Epoch = epoch,
        Step = step,
        LearningRate = LearningRate,
        TrainingLoss = LossSum / Pixels,
        Training = matrix?.ToMetrics(classes),
    };
}
