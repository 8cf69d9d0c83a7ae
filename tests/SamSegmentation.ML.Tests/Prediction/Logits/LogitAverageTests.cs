using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Prediction.Logits;
using SamSegmentation.ML.Prediction.Passes;
using Xunit;

namespace SamSegmentation.ML.Tests.Prediction.Logits;

public sealed class LogitAverageTests
{
    private const int Size = 16;
    private const int Classes = 3;
    private const int Cells = 4;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(37, 53, 1)]
    [InlineData(37, 53, 7 * 53 * Classes)]
    [InlineData(37, 53, 1 << 22)]
    [InlineData(5, 90, 2 * 90 * Classes)]
    public void Run_BandsOfAnyHeight_IsTheAverageOfEveryPass(int height, int width, long bandValues)
    {
        var options = new InferenceOptions { Window = SlidingWindow.OwnSize, Overlap = 0.4, Flip = true, Scales = [0.7, 1.3] };
        var plan = InferencePlan.Of(height, width, Size, Preprocessing.Sam, options);
        var logits = new Dictionary<InferencePass, float[]>(ReferenceEqualityComparer.Instance);
        var random = new Random(1);
        foreach (var pass in plan.Passes)
            logits.Add(pass, [.. Enumerable.Range(0, Classes * Cells * Cells).Select(_ => (float)random.NextDouble() * 6)]);
        SegmentationPrediction Run(bool withProbabilities) => new LogitAverage(plan, Classes, 2, bandValues).Run(
            passes => [.. passes.Select(pass => new LogitSquare(logits[pass], Classes, Cells, Cells))], withProbabilities);

        var actual = Run(withProbabilities: true);

        var expected = Slow(plan, logits);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual.Probabilities![i], 2e-6);
        for (var i = 0; i < height * width; i++)
        {
            var own = actual.Probabilities![actual.Labels.Ids[i] * height * width + i];
            Assert.Equal(Enumerable.Range(0, Classes).Max(id => actual.Probabilities[id * height * width + i]), own);
        }
        var labelsAlone = Run(withProbabilities: false);
        Assert.Null(labelsAlone.Probabilities);
        Assert.Equal(actual.Labels.Ids, labelsAlone.Labels.Ids);
    }

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
        var ran = 0;

        var prediction = new LogitAverage(plan, Classes, batchSize, bandValues).Run(
            passes =>
            {
                Assert.InRange(passes.Count, 1, batchSize);
                ran += passes.Count;
                return [.. passes.Select(pass => Pointwise(scaled.Cut(pass)))];
            },
            withProbabilities: true);

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

        var prediction = new LogitAverage(plan, Classes, 4).Run(passes => [.. passes.Select(_ => Constant(1, 2, 0))], withProbabilities: true);

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

        var prediction = new LogitAverage(plan, 2, 1).Run(
            passes => [passes[0].Columns.Start == 0 ? Constant(50, 0) : Constant(0, 50)], withProbabilities: true);

        for (var x = 0; x < 24; x++)
        {
            Assert.Equal(Math.Clamp((x - 8 + 0.5) / 8, 0, 1), prediction.Probabilities![24 * Size + x], 1.0 / 4096);
            Assert.Equal(x < 12 ? 0 : 1, prediction.Labels[0, x]);
        }
    }

    [Fact]
    public void Run_TallImage_HoldsTheLogitsOfAFewWindowsOnly()
    {
        // 40 windows one below the other: with bands of one row, at most three cross a band (two that overlap it and one begun).
        var plan = InferencePlan.Of(328, Size, Size, Preprocessing.Sam, new InferenceOptions { Window = SlidingWindow.OwnSize });
        Assert.Equal(40, plan.Passes.Count);
        var (most, made) = (0, new List<WeakReference>());

        new LogitAverage(plan, Classes, 1, bandValues: 1).Run(
            _ =>
            {
                GC.Collect();
                most = Math.Max(most, made.Count(one => one.IsAlive));
                var logits = Constant(0, 0, 0);
                made.Add(new WeakReference(logits));
                return [logits];
            },
            withProbabilities: false);

        Assert.InRange(most, 1, 3);
    }

    // Pixel after pixel of each pass in float64.
    private static double[] Slow(InferencePlan plan, Dictionary<InferencePass, float[]> logits)
    {
        var average = new double[Classes * plan.Height * plan.Width];
        foreach (var pass in plan.Passes)
        {
            for (var y = pass.Rows.First; y < pass.Rows.End; y++)
            {
                for (var x = pass.Columns.First; x < pass.Columns.End; x++)
                {
                    var (down, across) = (Cell(pass.Rows, y, false), Cell(pass.Columns, x, pass.Mirrored));
                    double[] odds = [.. Enumerable.Range(0, Classes).Select(id => Math.Exp(Bilinear(logits[pass], id, down, across)))];
                    var weight = pass.Rows.Weights[y - pass.Rows.First] * pass.Columns.Weights[x - pass.Columns.First] / odds.Sum() / plan.Views;
                    for (var id = 0; id < Classes; id++)
                        average[(id * plan.Height + y) * plan.Width + x] += odds[id] * weight;
                }
            }
        }
        return average;
    }

    private static double Cell(AxisWindow axis, int pixel, bool mirrored)
    {
        var centre = (pixel + 0.5) * axis.Scaled / axis.Own - axis.Start;
        return Math.Clamp((mirrored ? axis.Length - centre : centre) * Cells / Size - 0.5, 0, Cells - 1);
    }

    private static double Bilinear(float[] values, int id, double y, double x)
    {
        var (top, left) = (Math.Min((int)y, Cells - 2), Math.Min((int)x, Cells - 2));
        double At(int row, int column) => values[(id * Cells + row) * Cells + column];
        double Across(int row) => At(row, left) + (x - left) * (At(row, left + 1) - At(row, left));
        return Across(top) + (y - top) * (Across(top + 1) - Across(top));
    }

    private static LogitSquare Constant(params float[] logits) =>
        new([.. logits.SelectMany(logit => Enumerable.Repeat(logit, Cells * Cells))], logits.Length, Cells, Cells);

    // A cell is a pixel, and its logits follow from that pixel's colour alone.
    private static LogitSquare Pointwise(PreparedImage image)
    {
        var values = new float[Classes * Size * Size];
        var (height, width) = (image.Geometry.ContentHeight, image.Geometry.ContentWidth);
        for (var id = 0; id < Classes; id++)
        {
            for (var i = 0; i < height * width; i++)
                values[(id * Size + i / width) * Size + i % width] = Logit(image.Pixels, i, id);
        }
        return new LogitSquare(values, Classes, Size, Size);
    }

    private static float Logit(byte[] pixels, int pixel, int id) => pixels[3 * pixel + id] / 64f;

    private static RgbImage Noise(int height, int width)
    {
        var pixels = new byte[3 * height * width];
        new Random(height * width).NextBytes(pixels);
        return new RgbImage(height, width, pixels);
    }
}
