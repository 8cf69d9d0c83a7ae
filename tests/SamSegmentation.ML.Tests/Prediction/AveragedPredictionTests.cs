using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Prediction;

[Collection(LiveTensors.Alone)]
public sealed class AveragedPredictionTests
{
    private static readonly InferenceOptions _all = new() { Window = SlidingWindow.ShorterSide, Overlap = 0.25, Flip = true, Scales = [0.75, 1.5] };

    [Theory]
    [InlineData(Preprocessing.Sam, 48, 48, SlidingWindow.ShorterSide)]
    [InlineData(Preprocessing.Sam, 64, 64, SlidingWindow.OwnSize)]
    [InlineData(Preprocessing.Stretch, 40, 77, SlidingWindow.ShorterSide)]
    public void Predict_OneWindow_IsThePlainPassBitForBit(Preprocessing mode, int height, int width, SlidingWindow window)
    {
        using var model = TinyNetwork.Create();
        var image = Noise(height, width);
        var plain = new SegmentationPredictor(model, mode) { WithProbabilities = true }.Predict(image);

        var windowed = new SegmentationPredictor(model, mode) { WithProbabilities = true, Inference = new() { Window = window, Scales = [1] } }.Predict(image);

        Assert.Equal(plain.Labels.Ids, windowed.Labels.Ids);
        Assert.Equal(plain.Probabilities, windowed.Probabilities);
    }

    [Fact]
    public void Predict_Flip_AveragesTheImageAndItsMirrorImage()
    {
        using var model = TinyNetwork.Create();
        var image = Noise(50, 64);
        var plain = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true };
        var (direct, mirrored) = (plain.Predict(image).Probabilities!, plain.Predict(Mirror(image)).Probabilities!);

        var prediction = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true, Inference = new() { Flip = true } }.Predict(image);

        for (var i = 0; i < direct.Length; i++)
            Assert.Equal((direct[i] + mirrored[i / 64 * 64 + 63 - i % 64]) / 2, prediction.Probabilities![i], 1e-5);
    }

    [Fact]
    public void Predict_FlipOfASymmetricImage_IsSymmetric()
    {
        using var model = TinyNetwork.Create();
        var (half, height, width) = (Noise(40, 58), 40, 58);
        var image = new RgbImage(height, width, [.. half.Pixels.Zip(Mirror(half).Pixels, (one, other) => (byte)((one + other) / 2))]);

        var prediction = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true, Inference = new() { Flip = true, Scales = [0.5, 1] } }.Predict(image);

        var all = prediction.Probabilities!;
        for (var i = 0; i < all.Length; i++)
            Assert.Equal(all[i], all[i / width * width + width - 1 - i % width], 1e-4);
    }

    [Fact]
    public void Predict_SeveralPasses_GiveProbabilitiesThatAddUpToOneAndDecide()
    {
        using var model = TinyNetwork.Create();
        var predictor = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true, Inference = _all, BatchSize = 2 };

        foreach (var image in SegmentationPredictorTests.Images())
        {
            var (labels, all) = (predictor.Predict(image).Labels, predictor.Predict(image).Probabilities!);
            var pixels = image.Height * image.Width;
            Assert.Equal((image.Height, image.Width), (labels.Height, labels.Width));
            for (var i = 0; i < pixels; i++)
            {
                float[] own = [.. Enumerable.Range(0, 3).Select(id => all[id * pixels + i])];
                Assert.Equal(1, own.Sum(), 1e-5);
                Assert.Equal(own.Max(), own[labels.Ids[i]]);
            }
        }
    }

    [Fact]
    public void Predict_BatchesOfMixedSizes_EqualSinglePredictionsInOrder()
    {
        using var model = TinyNetwork.Create();
        var images = SegmentationPredictorTests.Images();
        // Square images take one pass, the others several.
        var options = new InferenceOptions { Window = SlidingWindow.ShorterSide };
        var single = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true, Inference = options };
        var batched = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true, Inference = options, BatchSize = 3 };

        var results = batched.Predict(images, image => image).ToList();

        Assert.Equal(images, results.Select(result => result.Item));
        foreach (var (image, prediction) in results)
            Assert.All(single.Predict(image).Probabilities!.Zip(prediction.Probabilities!), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Predict_SeveralPasses_LeavesNoTensorAlive()
    {
        using var model = TinyNetwork.Create();
        var predictor = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true, BatchSize = 3, Inference = _all };
        var images = SegmentationPredictorTests.Images();
        predictor.Predict(images[0]);
        var before = LiveTensors.Count();

        foreach (var image in images)
            predictor.Predict(image);
        Assert.Equal(2, predictor.Predict(images, image => image).Take(2).Count());

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Predict_WeightsThatAreNotFinite_FailsAndLeavesNoTensorAlive()
    {
        using var model = TinyNetwork.Create();
        using (no_grad())
            model.image_encoder.get_parameter("pos_embed")!.fill_(float.NaN);
        var predictor = new SegmentationPredictor(model, Preprocessing.Sam) { Inference = _all };
        var before = LiveTensors.Count();

        Assert.Contains("not finite", Assert.Throws<ArithmeticException>(() => predictor.Predict(Noise(20, 20))).Message);

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static RgbImage Mirror(RgbImage image)
    {
        var pixels = new byte[image.Pixels.Length];
        for (var i = 0; i < image.Height * image.Width; i++)
            image.Pixels.AsSpan(3 * i, 3).CopyTo(pixels.AsSpan(3 * (i / image.Width * image.Width + image.Width - 1 - i % image.Width)));
        return new RgbImage(image.Height, image.Width, pixels);
    }

    private static RgbImage Noise(int height, int width)
    {
        var pixels = new byte[3 * height * width];
        new Random(height + width).NextBytes(pixels);
        return new RgbImage(height, width, pixels);
    }
}
