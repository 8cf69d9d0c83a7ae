namespace SamSegmentation.ML.Training;

/// <summary>A loss, gradient or weight is no longer a finite number. The network keeps the weights of the step before where it can.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Makes the error of one step.</summary>
    /// <param name="what">What is not finite, and what it is.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="step">The step of the run, from 1.</param>
    /// <param name="learningRate">The step's base learning rate.</param>
    public TrainingDivergedException(string what, int epoch, long step, double learningRate)
        : base(FormattableString.Invariant($"Training has diverged: {what} in epoch {epoch}, step {step}, at the learning rate {learningRate}. A lower learning rate, a warm-up or a clipping norm may help; checkpoints that were written stay as they are."))
    {
        Epoch = epoch;
        Step = step;
        LearningRate = learningRate;
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step of the run, from 1.</summary>
    public long Step { get; }

    /// <summary>The step's base learning rate.</summary>
    public double LearningRate { get; }
}
