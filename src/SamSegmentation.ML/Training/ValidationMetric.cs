namespace SamSegmentation.ML.Training;

/// <summary>A number of an epoch's validation by which epochs are compared.</summary>
public enum ValidationMetric
{
    /// <summary>Mean IoU over the classes; higher is better.</summary>
    MeanIoU,

    /// <summary>Mean IoU without class 0, the background; higher is better.</summary>
    ForegroundMeanIoU,

    /// <summary>The share of pixels whose class was found; higher is better.</summary>
    PixelAccuracy,

    /// <summary>Mean Dice coefficient over the classes; higher is better.</summary>
    MeanDice,

    /// <summary>The loss; lower is better.</summary>
    Loss,
}
