namespace SamSegmentation.ML.Training;

/// <summary>What a <see cref="ValidationMetric"/> is of an epoch, and which of two values is better.</summary>
internal static class ValidationMetricValues
{
    /// <summary>The metric of an epoch; null when the epoch was not validated, NaN when the metric is over nothing.</summary>
    public static double? Of(this ValidationMetric metric, EpochMetrics epoch) => metric switch
    {
        ValidationMetric.MeanIoU => epoch.Validation?.MeanIoU,
        ValidationMetric.ForegroundMeanIoU => epoch.Validation?.ForegroundMeanIoU,
        ValidationMetric.PixelAccuracy => epoch.Validation?.PixelAccuracy,
        ValidationMetric.MeanDice => epoch.Validation?.MeanDice,
        ValidationMetric.Loss => epoch.ValidationLoss,
        _ => throw new InvalidOperationException($"Nothing is known of {metric}."),
    };

    /// <summary>Whether a value is better than another by more than a margin. A value that is no number is never better, and any number is better than it.</summary>
    public static bool IsBetter(this ValidationMetric metric, double value, double other, double margin = 0) =>
        double.IsNaN(other) ? !double.IsNaN(value) : metric == ValidationMetric.Loss ? value < other - margin : value > other + margin;

    /// <summary>The metric's name in the names of files.</summary>
    public static string FileName(this ValidationMetric metric) => metric switch
    {
        ValidationMetric.MeanIoU => "miou",
        ValidationMetric.ForegroundMeanIoU => "miou_fg",
        ValidationMetric.PixelAccuracy => "pixel_accuracy",
        ValidationMetric.MeanDice => "dice",
        ValidationMetric.Loss => "loss",
        _ => throw new InvalidOperationException($"Nothing is known of {metric}."),
    };
}
