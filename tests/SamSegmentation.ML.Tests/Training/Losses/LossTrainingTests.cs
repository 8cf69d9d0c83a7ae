using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Losses;

[Collection(LiveTensors.Alone)]
public sealed class LossTrainingTests
{
    private const string Everything = "cross_entropy(class_weights=median_frequency)+dice+lovasz+focal+ohem(min_kept=10)";

    [Theory]
    [InlineData("dice")]
    [InlineData("lovasz")]
    [InlineData("focal+ohem(threshold=0.9,min_kept=100)")]
    [InlineData("cross_entropy(label_smoothing=0.1,class_weights=median_frequency)")]
    public void Train_AnyLoss_FallsOnBothSets(string formula)
    {
        using var model = TinyNetwork.Create();

        var epochs = TinyRun.Train(model, TinyRun.Options with { Loss = LossOptions.Parse(formula), Epochs = 8, LearningRate = 1e-2 }, validation: TinyRun.TrainingSet).Epochs;

        Assert.True(epochs[^1].TrainingLoss < 0.9 * epochs[0].TrainingLoss, $"{epochs[0].TrainingLoss} to {epochs[^1].TrainingLoss}");
        Assert.True(epochs[^1].ValidationLoss < 0.9 * epochs[0].ValidationLoss, $"{epochs[0].ValidationLoss} to {epochs[^1].ValidationLoss}");
    }

    [Fact]
    public void Compute_LargerBatch_HoldsNoMoreThanItsResults()
    {
        using var scope = NewDisposeScope();
        var sum = new LossSum(LossOptions.Parse(Everything), new LossSetting(3, 255, new ClassFrequencies(3, 255)));
        var before = LiveTensors.Count();

        var (few, many) = (Most(2), Most(10));

        Assert.Equal(before, LiveTensors.Count());
        // An image's gradient and OHEM's number a pixel; a graph of one image alone holds dozens.
        Assert.InRange(many - few, 0, 2 * 8);

        long Most(int images)
        {
            using var own = NewDisposeScope();
            var targets = Enumerable.Range(0, images).Select(i => TrainingTarget.Of(TinyScenes.Make(i).Label, ImageGeometry.Of(40, 56, 64, Preprocessing.Sam), 255)).ToArray();
            var most = 0L;
            sum.Compute(zeros(images, 3, 32, 32), targets, (_, _) => most = Math.Max(most, Tensor.TotalCount));
            return most;
        }
    }
}
