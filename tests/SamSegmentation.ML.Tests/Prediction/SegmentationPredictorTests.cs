using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Prediction;

public sealed class SegmentationPredictorTests
{
    private static readonly (int Height, int Width)[] _sizes = [(40, 56), (1, 1), (64, 64), (1, 90), (77, 1), (200, 130), (33, 35)];

    [Theory]
    [InlineData(Preprocessing.Sam)]
    [InlineData(Preprocessing.Stretch)]
    public void Predict_OneImage_IsTheNetworksLogitsAtTheImagesSize(Preprocessing mode)
    {
        using var model = TinyNetwork.Create();
        var predictor = new SegmentationPredictor(model, mode) { WithProbabilities = true };
        var image = Images()[0];

        var prediction = predictor.Predict(image);

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var preprocessor = new SamPreprocessor(64, mode);
        var logits = model.forward(preprocessor.ToTensor([preprocessor.Prepare(image)]));
        var slow = new SlowClassifier(logits.contiguous().data<float>().ToArray(), 3, 32, ImageGeometry.Of(40, 56, 64, mode));
        Assert.Equal((40, 56), (prediction.Labels.Height, prediction.Labels.Width));
        for (var i = 0; i < 40 * 56; i++)
        {
            var expected = slow.Probabilities(i / 56, i % 56);
            for (var id = 0; id < 3; id++)
                Assert.Equal(expected[id], prediction.Probabilities![id * 40 * 56 + i], 1e-4);
            Assert.InRange(slow.Lag(prediction.Labels.Ids[i], i / 56, i % 56), 0, 1e-3);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50)]
    public void Predict_BatchesOfMixedSizes_EqualSinglePredictionsInOrder(int batchSize)
    {
        using var model = TinyNetwork.Create();
        var images = Images();
        var single = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true };
        var batched = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true, BatchSize = batchSize };

        var results = batched.Predict(images, image => image).ToList();

        Assert.Equal(images, results.Select(result => result.Item));
        foreach (var (image, prediction) in results)
        {
            var expected = single.Predict(image);
            Assert.Equal((image.Height, image.Width), (prediction.Labels.Height, prediction.Labels.Width));
            Assert.All(expected.Probabilities!.Zip(prediction.Probabilities!), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    [Fact]
    public void Predict_WithoutProbabilities_GivesTheSameIds()
    {
        using var model = TinyNetwork.Create();
        var with = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true };
        var without = new SegmentationPredictor(model, Preprocessing.Sam);

        foreach (var image in Images())
        {
            var prediction = without.Predict(image);
            Assert.Null(prediction.Probabilities);
            Assert.Equal(with.Predict(image).Labels.Ids, prediction.Labels.Ids);
        }
    }

    [Fact]
    public void Predict_SeveralThreads_GiveWhatOneGives()
    {
        using var model = TinyNetwork.Create();
        var predictor = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true };
        var images = Images();
        var expected = images.Select(predictor.Predict).ToArray();

        var results = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4)
            .Select(_ => images.Select(predictor.Predict).ToArray()).ToArray();

        foreach (var result in results)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i].Labels.Ids, result[i].Labels.Ids);
                Assert.Equal(expected[i].Probabilities, result[i].Probabilities);
            }
        }
    }

    [Fact]
    public void Predict_Stream_IsReadLazilyAndOnce()
    {
        using var model = TinyNetwork.Create();
        var predictor = new SegmentationPredictor(model, Preprocessing.Sam);
        var read = 0;
        IEnumerable<RgbImage> Endless()
        {
            for (; ; )
            {
                Interlocked.Increment(ref read);
                yield return Images()[1];
            }
        }

        Assert.Equal(5, predictor.Predict(Endless(), image => image).Take(5).Count());

        // Five were taken, one waits, one is being made, and one more may have been begun before the reader left.
        Assert.InRange(Volatile.Read(ref read), 5, 8);
    }

    [Fact]
    public void Predict_Cancelled_EndsTheEnumeration()
    {
        using var model = TinyNetwork.Create();
        using var cancellation = new CancellationTokenSource();
        var predictor = new SegmentationPredictor(model, Preprocessing.Sam);
        var count = 0;

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in predictor.Predict(Enumerable.Repeat(Images()[1], 1000), image => image, cancellation.Token))
            {
                if (++count == 3)
                    cancellation.Cancel();
            }
        });

        Assert.Equal(3, count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Predict_ImageThatCannotBeRead_FailsAfterThoseBeforeIt(int batchSize)
    {
        using var model = TinyNetwork.Create();
        var predictor = new SegmentationPredictor(model, Preprocessing.Sam) { BatchSize = batchSize };
        var done = new List<int>();

        var error = Assert.Throws<ImageFormatException>(() =>
        {
            foreach (var (item, _) in predictor.Predict(Enumerable.Range(0, 9), i => i < 6 ? Images()[i] : throw new ImageFormatException($"{i}.jpg", "byte 0", "no image")))
                done.Add(item);
        });

        Assert.Equal("6.jpg", error.Path);
        Assert.Equal([0, 1, 2, 3, 4, 5], done);
    }

    [Fact]
    public void Predict_WeightsThatAreNotFinite_Fails()
    {
        using var model = TinyNetwork.Create();
        using (no_grad())
            model.image_encoder.get_parameter("pos_embed")!.fill_(float.NaN);
        var predictor = new SegmentationPredictor(model, Preprocessing.Sam);

        Assert.Contains("not finite", Assert.Throws<ArithmeticException>(() => predictor.Predict(Images()[0])).Message);
    }

    [Fact]
    public void Constructor_Always_PutsTheNetworkIntoEvaluation()
    {
        using var model = TinyNetwork.Create();
        model.train();

        _ = new SegmentationPredictor(model, Preprocessing.Sam);

        Assert.False(model.training);
    }

    [Fact]
    public void BatchSize_BelowOne_Throws()
    {
        using var model = TinyNetwork.Create();

        Assert.Throws<ArgumentOutOfRangeException>(() => new SegmentationPredictor(model, Preprocessing.Sam) { BatchSize = 0 });
    }

    internal static RgbImage[] Images() => [.. _sizes.Select((size, i) => Noise(i, size.Height, size.Width))];

    private static RgbImage Noise(int seed, int height, int width)
    {
        var pixels = new byte[3 * height * width];
        new Random(seed).NextBytes(pixels);
        return new RgbImage(height, width, pixels);
    }
}
