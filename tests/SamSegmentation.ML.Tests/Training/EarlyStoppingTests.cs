using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Training;

public sealed class EarlyStoppingTests
{
    [Theory]
    [InlineData(2, 0, false)]
    [InlineData(2, 0, false, 50)]
    [InlineData(2, 0, false, 50, 40)]
    [InlineData(2, 0, true, 50, 40, 50)]
    [InlineData(2, 0, false, 50, 40, 51)]
    [InlineData(2, 0, true, 50, 40, 51, 51, 51)]
    [InlineData(1, 0.05, true, 50, 58)]
    [InlineData(1, 0.05, false, 50, 62)]
    [InlineData(3, 0, false, 0, -1, -1, -1, 0, 0)]
    [InlineData(3, 0, true, 0, -1, -1, -1, 0, 0, 0)]
    public void IsDue_ValidationsInPercent_CountsThoseWithoutAGain(int patience, double gain, bool expected, params int[] percents)
    {
        // −1: an epoch that was not validated.
        EpochMetrics[] epochs = [.. percents.Select((percent, i) => new EpochMetrics
        {
            Epoch = i + 1,
            Step = i,
            LearningRate = 1,
            TrainingLoss = 1,
            Validation = percent < 0 ? null : Metrics(percent),
        })];
        Assert.Equal(expected, new EarlyStopping { Patience = patience, MinimumGain = gain }.IsDue(epochs));
    }

    [Theory]
    [InlineData(1, 0, true, 5.0, 5.0)]
    [InlineData(1, 0, false, 5.0, 4.0)]
    [InlineData(2, 2, false, 9.0, 8.0, 6.0)]
    [InlineData(2, 2, true, 9.0, 8.0, 7.0)]
    [InlineData(2, 0, true, 9.0, double.NaN, double.NaN)]
    [InlineData(2, 0, false, double.NaN, 9.0, 10.0)]
    public void IsDue_ByLoss_CountsThoseThatDoNotFall(int patience, double gain, bool expected, params double[] losses)
    {
        EpochMetrics[] epochs = [.. losses.Select((loss, i) => Epoch(i) with { ValidationLoss = loss, Validation = Metrics(50 + i) })];
        Assert.Equal(expected, new EarlyStopping { Metric = ValidationMetric.Loss, Patience = patience, MinimumGain = gain }.IsDue(epochs));
    }

    [Fact]
    public void IsDue_ByAnyMetric_LooksAtThatOne()
    {
        // From the first to the second every metric is another: IoU of class 0 and of the rest move against each other.
        var first = Counts(60, 40, 10, 30);
        var second = Counts(100, 0, 40, 0);
        EpochMetrics[] epochs = [Epoch(1) with { Validation = first, ValidationLoss = 1 }, Epoch(2) with { Validation = second, ValidationLoss = 2 }];
        var worse = new Dictionary<ValidationMetric, bool>
        {
            [ValidationMetric.MeanIoU] = second.MeanIoU <= first.MeanIoU,
            [ValidationMetric.ForegroundMeanIoU] = second.ForegroundMeanIoU <= first.ForegroundMeanIoU,
            [ValidationMetric.PixelAccuracy] = second.PixelAccuracy <= first.PixelAccuracy,
            [ValidationMetric.MeanDice] = second.MeanDice <= first.MeanDice,
            [ValidationMetric.Loss] = true,
        };

        foreach (var metric in Enum.GetValues<ValidationMetric>())
            Assert.Equal(worse[metric], new EarlyStopping { Metric = metric, Patience = 1 }.IsDue(epochs));

        Assert.Equal((true, false), (worse[ValidationMetric.ForegroundMeanIoU], worse[ValidationMetric.PixelAccuracy]));
    }

    private static EpochMetrics Epoch(int number) => new() { Epoch = number, Step = number, LearningRate = 1, TrainingLoss = 1 };

    private static SegmentationMetrics Counts(params int[] counts)
    {
        var matrix = new ConfusionMatrix(2);
        for (var i = 0; i < counts.Length; i++)
            matrix.Add(i / 2, i % 2, counts[i]);
        return matrix.ToMetrics();
    }

    // All pixels are of class 0, and so many are found; the others make the IoU of class 1 zero. The mIoU is half of it.
    private static SegmentationMetrics Metrics(int percent)
    {
        var matrix = new ConfusionMatrix(2);
        matrix.Add(new ushort[100], [.. Enumerable.Range(0, 100).Select(i => (ushort)(i < percent ? 0 : 1))]);
        return matrix.ToMetrics();
    }
}
