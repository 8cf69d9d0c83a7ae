using SamSegmentation.ML.Evaluation;

namespace SamSegmentation.ML.Training;

/// <summary>What one epoch came to.</summary>
public sealed record EpochMetrics
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Steps of the run up to the epoch's end.</summary>
    public required long Step { get; init; }

    /// <summary>The base learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>
    /// The loss over the epoch's pixels that are not void, each image counted with the weights of its step; NaN when all
    /// pixels are void.
    /// </summary>
    public required double TrainingLoss { get; init; }

    /// <summary>
    /// The metrics of the logits that the steps computed, at the network's input size; null without
    /// <see cref="TrainingOptions.MeasureTraining"/>.
    /// </summary>
    public SegmentationMetrics? Training { get; init; }

    /// <summary>The same loss over the validation set at each image's own size; null when the epoch was not validated.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The metrics of the validation set at each image's own size; null when the epoch was not validated.</summary>
    public SegmentationMetrics? Validation { get; init; }

    /// <summary>Whether the validation mIoU is the run's highest so far.</summary>
    public bool IsBest { get; init; }
}
