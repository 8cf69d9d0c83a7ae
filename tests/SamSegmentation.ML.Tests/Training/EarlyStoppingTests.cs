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

    // All pixels are of class 0, and so many are found; the others make the IoU of class 1 zero. The mIoU is half of it.
    private static SegmentationMetrics Metrics(int percent)
    {
        var matrix = new ConfusionMatrix(2);
        matrix.Add(new ushort[100], [.. Enumerable.Range(0, 100).Select(i => (ushort)(i < percent ? 0 : 1))]);
        return matrix.ToMetrics();
    }
}
