using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Prediction.Passes;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Prediction.Passes;

[Collection(LiveTensors.Alone)]
public sealed class PassAverageTests
{
    private const int Size = 16;
    private const int Classes = 3;

    public static TheoryData<int, int, double, int, int> Cases()
    {
        var data = new TheoryData<int, int, double, int, int>();
        foreach (var (height, width) in new[] { (1, 1), (16, 16), (17, 16), (5, 40), (37, 53), (64, 31) })
        {
            data.Add(height, width, 0, 1, 1 << 22);
            data.Add(height, width, 0.5, 3, 1);
            data.Add(height, width, 0.7, 2, 3 * Classes * width);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_PointwiseNetwork_GivesEachPixelItsOwnProbabilities(int height, int width, double overlap, int batchSize, int bandValues)
    {
        var image = Noise(height, width);
        var plan = InferencePlan.Of(height, width, Size, Preprocessing.Sam, new InferenceOptions { Window = SlidingWindow.OwnSize, Overlap = overlap, Flip = true });
        var scaled = new ScaledImages(image, Size);
        var (ran, before) = (0, LiveTensors.Count());

        var prediction = new PassAverage(plan, Classes, batchSize, bandValues).Run(
            passes =>
            {
                Assert.InRange(passes.Count, 1, batchSize);
                ran += passes.Count;
                return Pointwise([.. passes.Select(scaled.Cut)]);
            },
            withProbabilities: true);

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(plan.Passes.Count, ran);
        for (var i = 0; i < height * width; i++)
        {
            double[] logits = [.. Enumerable.Range(0, Classes).Select(id => (double)Logit(image.Pixels, i, id))];
            var sum = logits.Sum(Math.Exp);
            for (var id = 0; id < Classes; id++)
                Assert.Equal(Math.Exp(logits[id]) / sum, prediction.Probabilities![id * height * width + i], 2e-6);
            Assert.Equal(logits.Max(), logits[prediction.Labels.Ids[i]], 1e-4);
        }
    }

    [Fact]
    public void Run_ConstantNetwork_GivesTheSameEverywhereAtAnyScale()
    {
        var plan = InferencePlan.Of(37, 90, Size, Preprocessing.Sam, new InferenceOptions { Scales = [0.3, 1, 2.3], Flip = true });

        var prediction = new PassAverage(plan, Classes, 4).Run(
            passes => tensor(new[] { 1f, 2f, 0f }, [1, Classes, 1, 1]).expand(passes.Count, Classes, 4, 4), withProbabilities: true);

        var sum = Math.Exp(1) + Math.Exp(2) + 1;
        double[] expected = [Math.Exp(1) / sum, Math.Exp(2) / sum, 1 / sum];
        for (var i = 0; i < prediction.Probabilities!.Length; i++)
            Assert.Equal(expected[i / (37 * 90)], prediction.Probabilities[i], 1e-6);
        Assert.All(prediction.Labels.Ids, id => Assert.Equal(1, id));
    }

    [Fact]
    public void Run_WindowsThatDisagree_FadesFromOneToTheOther()
    {
        // Two windows of half overlap; the left one is sure of class 0, the right one of class 1.
        var plan = InferencePlan.Of(Size, 24, Size, Preprocessing.Sam, new InferenceOptions { Window = SlidingWindow.OwnSize });

        var prediction = new PassAverage(plan, 2, 1).Run(
            passes => tensor(passes[0].Columns.Start == 0 ? [50f, 0f] : new[] { 0f, 50f }, [1, 2, 1, 1]).expand(1, 2, 4, 4), withProbabilities: true);

        for (var x = 0; x < 24; x++)
        {
            Assert.Equal(Math.Clamp((x - 8 + 0.5) / 8, 0, 1), prediction.Probabilities![24 * Size + x], 1.0 / 4096);
            Assert.Equal(x < 12 ? 0 : 1, prediction.Labels[0, x]);
        }
    }

    [Fact]
    public void Run_NetworkThatFails_LeavesNoTensorAlive()
    {
        var plan = InferencePlan.Of(64, 64, Size, Preprocessing.Sam, new InferenceOptions { Window = SlidingWindow.OwnSize });
        var (left, before) = (3, LiveTensors.Count());

        Assert.Throws<ArithmeticException>(() => new PassAverage(plan, Classes, 1).Run(
            _ => left-- > 0 ? zeros(1, Classes, 4, 4) : throw new ArithmeticException(), withProbabilities: false));

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Run_TallImage_HoldsTheLogitsOfAFewWindowsOnly()
    {
        // 40 windows one below the other: with bands of one row, at most three cross a band (two that overlap it and one begun).
        var plan = InferencePlan.Of(328, Size, Size, Preprocessing.Sam, new InferenceOptions { Window = SlidingWindow.OwnSize });
        Assert.Equal(40, plan.Passes.Count);
        var (most, before) = (0L, LiveTensors.Count());

        new PassAverage(plan, Classes, 1, bandValues: 1).Run(
            _ =>
            {
                most = Math.Max(most, Tensor.TotalCount - before);
                return zeros(1, Classes, 4, 4);
            },
            withProbabilities: false);

        Assert.InRange(most, 1, 3);
    }

    // A cell is a pixel, and its logits follow from that pixel's colour alone.
    private static Tensor Pointwise(PreparedImage[] images)
    {
        var values = new float[images.Length * Classes * Size * Size];
        for (var n = 0; n < images.Length; n++)
        {
            var (height, width) = (images[n].Geometry.ContentHeight, images[n].Geometry.ContentWidth);
            for (var id = 0; id < Classes; id++)
            {
                for (var i = 0; i < height * width; i++)
                    values[((n * Classes + id) * Size + i / width) * Size + i % width] = Logit(images[n].Pixels, i, id);
            }
        }
        return tensor(values, [images.Length, Classes, Size, Size]);
    }

    private static float Logit(byte[] pixels, int pixel, int id) => pixels[3 * pixel + id] / 64f;

    private static RgbImage Noise(int height, int width)
    {
        var pixels = new byte[3 * height * width];
        new Random(height * width).NextBytes(pixels);
        return new RgbImage(height, width, pixels);
    }
}
