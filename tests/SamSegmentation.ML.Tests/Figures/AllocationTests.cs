using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Training;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Optimization;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Figures;

/// <summary>
/// Managed memory that a step and a prediction take. The bounds leave room for any version's handles of tensors, and none for
/// an array of an image's size.
/// </summary>
[Collection(LiveTensors.Alone)]
public sealed class AllocationTests
{
    private const int Side = 512;
    private const int Classes = 3;
    private const int Images = 4;
    private const int Handles = 600_000;

    // Large pixels for few cells: what grows with the image stands out.
    private static readonly SamConfig s_config = TinyNetwork.Config with { ImageSize = Side, PatchSize = Side / 8 };

    [Theory]
    [InlineData(1)]
    [InlineData(Images)]
    public void Take_AStepAtManyPixels_AllocatesNoArrayOfAnImagesSize(int microBatch)
    {
        using var model = new SemanticSam(s_config, Classes);
        using var network = new TrainedNetwork(model, TrainedParts.Decoder);
        using var optimizer = new StepOptimizer(ParameterGroup.Divide(network.Parameters, new TrainingOptions()), new TrainingOptions());
        var step = new TrainingStep(model.decode, new LossSum(LossOptions.Parse("cross_entropy"), new LossSetting(Classes, 255, null)), optimizer, CPU, microBatch);
        var label = new LabelMap(Side, Side);
        var target = TrainingTarget.Of(label, ImageGeometry.Of(Side, Side, Side, Preprocessing.Sam), 255);
        using var batch = new TrainingBatch(randn(Images, s_config.EmbeddingChannels, 8, 8), [.. Enumerable.Repeat(target, Images)]);
        var seen = 0;
        // The first step makes the optimiser's state and fills pools.
        step.Take(batch, 1, (_, ids) => seen += ids.Length);
        step.Take(batch, 1, (_, ids) => seen += ids.Length);
        var live = LiveTensors.Count();

        var before = GC.GetTotalAllocatedBytes(precise: true);
        step.Take(batch, 1, (_, ids) => seen += ids.Length);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        LiveTensors.AssertAsMany(live);
        Assert.Equal(3 * Images * Side * Side, seen);
        Assert.InRange(allocated, 0, Handles * (Images / microBatch));
    }

    [Fact]
    public void Predict_AnImageOfManyPixels_AllocatesAFewBytesAPixel()
    {
        const int Height = 900, Width = 1000, Many = 40;
        using var model = new SemanticSam(s_config, Many);
        var predictor = new SegmentationPredictor(model, Preprocessing.Sam);
        var image = new RgbImage(Height, Width, new byte[3 * Height * Width]);
        predictor.Predict(image);
        var live = LiveTensors.Count();

        var before = GC.GetAllocatedBytesForCurrentThread();
        predictor.Predict(image);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        LiveTensors.AssertAsMany(live);
        // An id, a maximum, a plane and a part of it that is upsampled one way; the network's input; not a logit for each class.
        Assert.InRange(allocated, 0, (2 + 4 + 4 + 4) * Height * Width + 8 * 3 * Side * Side + Handles);
    }
}
