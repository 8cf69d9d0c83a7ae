using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Optimization;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>Steps of a network that a test makes up.</summary>
internal static class TestStep
{
    public static TrainingStep Make(Func<Tensor, Tensor> forward, StepOptimizer optimizer, int? microBatch, Action<ReducedBatch>? reduced = null) =>
        new(forward, new LossSum(LossOptions.Parse("cross_entropy"), new LossSetting(2, 255, null)), optimizer, CPU, microBatch, reduced);

    /// <summary>Images whose inputs are their logits [images, 2, size, size], all of class 1.</summary>
    public static TrainingBatch Batch(ImageGeometry geometry, int images)
    {
        var label = new LabelMap(geometry.OriginalHeight, geometry.OriginalWidth);
        label.Ids.AsSpan().Fill(1);
        return new TrainingBatch(
            ones(images, 2, geometry.Size, geometry.Size),
            [.. Enumerable.Repeat(TrainingTarget.Of(label, geometry, 255), images)]);
    }
}
