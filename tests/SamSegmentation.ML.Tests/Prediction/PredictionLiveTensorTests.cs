using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Prediction;

[Collection(LiveTensors.Alone)]
public sealed class PredictionLiveTensorTests
{
    [Fact]
    public void Predict_ManyImagesAndALeftStream_LeavesNoTensorAlive()
    {
        using var model = TinyNetwork.Create();
        var predictor = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true, BatchSize = 3 };
        var images = SegmentationPredictorTests.Images();
        predictor.Predict(images[0]);
        var before = LiveTensors.Count();

        foreach (var image in images)
            predictor.Predict(image);
        Assert.Equal(4, predictor.Predict(images, image => image).Take(4).Count());
        Assert.Throws<InvalidOperationException>(() => predictor.Predict(images, RgbImage (_) => throw new InvalidOperationException()).Count());

        Assert.Equal(before, Tensor.TotalCount);
    }
}
