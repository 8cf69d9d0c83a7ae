using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Modeling.Memory;
using SamSegmentation.ML.Tests.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Prediction;

/// <summary>Predictions whose batches do not fit the device's memory take fewer images at once, and are the same.</summary>
[Collection(LiveTensors.Alone)]
public sealed class SmallMemoryPredictionTests : IDisposable
{
    private static readonly InferenceOptions s_windows = new() { Window = SlidingWindow.OwnSize, Flip = true };

    private readonly SemanticSam _model = TinyNetwork.Create();
    private readonly RgbImage[] _images = SegmentationPredictorTests.Images();
    private readonly List<ReducedBatch> _reduced = [];

    public void Dispose() => _model.Dispose();

    public static TheoryData<bool, int, int> Sizes => new() { { false, 3, 2 }, { false, 1, 1 }, { true, 3, 2 }, { true, 1, 1 }, { true, 4, 4 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Predict_BatchesThatDoNotFit_GivesWhatSingleImagesGive(bool windows, int fit, int left)
    {
        var inference = windows ? s_windows : InferenceOptions.Default;
        var expected = new SegmentationPredictor(_model, Preprocessing.Sam) { WithProbabilities = true, Inference = inference };
        var truths = _images.Select(expected.Predict).ToArray();
        var device = new SmallDevice(fit);
        var predictor = Predictor(device, inference);
        var before = LiveTensors.Count();

        var found = predictor.Predict(_images, image => image, TestContext.Current.CancellationToken).ToArray();

        Assert.Equal(before, LiveTensors.Count());
        Assert.Equal((4, left), (predictor.BatchSize, predictor.CurrentBatchSize));
        Assert.Equal(device.Seen.Where(count => count > fit), _reduced.Select(batch => batch.From));
        foreach (var ((_, prediction), truth) in found.Zip(truths))
            Assert.All(prediction.Probabilities!.Zip(truth.Probabilities!), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Predict_OneImageDoesNotFit_SaysSo(bool windows)
    {
        var predictor = Predictor(new SmallDevice(0), windows ? s_windows : InferenceOptions.Default);

        var error = Assert.Throws<InsufficientMemoryException>(() => predictor.Predict(_images[0]));

        Assert.Contains("take another device", error.Message);
    }

    [Theory]
    [InlineData(DeviceType.CPU, -1, 1)]
    [InlineData(DeviceType.CUDA, -1, 8)]
    [InlineData(DeviceType.CUDA, 1, 8)]
    public void DefaultBatchSize_ADevice_IsWhatSuitsIt(DeviceType type, int index, int expected) =>
        // Not by torch.device, which wants the device to be there.
        Assert.Equal(expected, SegmentationPredictor.DefaultBatchSize(new Device(type, index)));

    private SegmentationPredictor Predictor(SmallDevice device, InferenceOptions inference) => new(_model, Preprocessing.Sam)
    {
        WithProbabilities = true,
        BatchSize = 4,
        Inference = inference,
        OnReduced = _reduced.Add,
        Network = device.Run(_model.forward),
    };
}
