using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Prediction.Logits;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Prediction;

public sealed class ImageLogitsTests
{
    private const int Cells = 16;
    private const int Size = 64;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Classify_AnySize_GivesTheHighestInterpolatedLogit(int classes, int height, int width, Preprocessing mode)
    {
        var (geometry, values) = Make(classes, height, width, mode);

        var map = Output(values, classes, geometry).Classify();

        Assert.Equal((height, width), (map.Height, map.Width));
        var slow = new SlowClassifier(values, classes, Cells, geometry);
        foreach (var (y, x) in Pixels(height, width))
            Assert.InRange(slow.Lag(map[y, x], y, x), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ClassifyWithProbabilities_AnySize_GivesSoftmaxOfInterpolatedLogits(int classes, int height, int width, Preprocessing mode)
    {
        var (geometry, values) = Make(classes, height, width, mode);
        var output = Output(values, classes, geometry);

        var (map, probabilities) = output.ClassifyWithProbabilities();

        Assert.Equal(output.Classify().Ids, map.Ids);
        Assert.Equal(classes * height * width, probabilities.Length);
        var slow = new SlowClassifier(values, classes, Cells, geometry);
        foreach (var (y, x) in Pixels(height, width))
        {
            float Probability(int id) => probabilities[(id * height + y) * width + x];
            var expected = slow.Probabilities(y, x);
            for (var id = 0; id < classes; id++)
                Assert.Equal(expected[id], Probability(id), 1e-5);
            Assert.Equal(1, Enumerable.Range(0, classes).Sum(Probability), 1e-5);
            Assert.Equal(Enumerable.Range(0, classes).Max(Probability), Probability(map[y, x]));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ClassifyAgainst_AnySize_SumsCrossEntropyOutsideVoid(int classes, int height, int width, Preprocessing mode)
    {
        var (geometry, values) = Make(classes, height, width, mode);
        var output = Output(values, classes, geometry);
        var truth = new LabelMap(height, width);
        for (var i = 0; i < truth.Ids.Length; i++)
            truth.Ids[i] = (ushort)(i % 5 == 0 ? 255 : i * 7 % classes);

        var (map, loss) = output.ClassifyAgainst(truth, voidId: 255);

        Assert.Equal(output.Classify().Ids, map.Ids);
        var slow = new SlowClassifier(values, classes, Cells, geometry);
        var expected = 0.0;
        for (var i = 0; i < truth.Ids.Length; i++)
        {
            if (truth.Ids[i] != 255)
                expected -= Math.Log(slow.Probabilities(i / width, i % width)[truth.Ids[i]]);
        }
        Assert.Equal(expected, loss, 1e-5 * Math.Max(1, expected));
    }

    [Fact]
    public void Classify_MoreValuesThanAreHeldAtOnce_TakesTheClassesInParts()
    {
        // 21 × 1,000 × 1,000 logits: the classes come in two parts.
        var (geometry, values) = Make(21, 1000, 1000, Preprocessing.Sam);
        var output = Output(values, 21, geometry);

        var (map, probabilities) = output.ClassifyWithProbabilities();
        var truth = new LabelMap(1000, 1000);
        truth.Ids.AsSpan().Fill(20);
        var (again, loss) = output.ClassifyAgainst(truth, voidId: 255);

        Assert.Equal(map.Ids, output.Classify().Ids);
        Assert.Equal(map.Ids, again.Ids);
        Assert.InRange(map.Ids.Max(), 17, 20); // the second part wins somewhere too
        var slow = new SlowClassifier(values, 21, Cells, geometry);
        for (var i = 0; i < map.Ids.Length; i += 9973)
        {
            Assert.InRange(slow.Lag(map.Ids[i], i / 1000, i % 1000), 0, 1e-4);
            var expected = slow.Probabilities(i / 1000, i % 1000);
            for (var id = 0; id < 21; id++)
                Assert.Equal(expected[id], probabilities[id * map.Ids.Length + i], 1e-5);
        }
        var sum = probabilities.AsSpan(20 * map.Ids.Length).ToArray().Sum(probability => -Math.Log(probability));
        Assert.Equal(sum, loss, 1e-4 * sum);
    }

    [Fact]
    public void Classify_WholeSquare_IsInterpolateAndArgmax()
    {
        var (geometry, values) = Make(5, 61, 83, Preprocessing.Stretch);
        using var scope = NewDisposeScope();
        var upsampled = nn.functional.interpolate(tensor(values, [1, 5, Cells, Cells]), [61, 83], mode: InterpolationMode.Bilinear, align_corners: false);

        var (map, probabilities) = Output(values, 5, geometry).ClassifyWithProbabilities();

        var expected = nn.functional.softmax(upsampled, 1).contiguous().data<float>().ToArray();
        Assert.All(expected.Zip(probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        var ids = upsampled.argmax(1).data<long>().ToArray();
        Assert.InRange(ids.Zip(map.Ids).Count(pair => pair.First != pair.Second), 0, ids.Length / 1000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    public void Classify_EqualLogits_TakesTheLowestClass(int width)
    {
        var (map, probabilities) = Output(new float[4 * Cells * Cells], 4, ImageGeometry.Of(3, width, Size, Preprocessing.Sam)).ClassifyWithProbabilities();

        Assert.All(map.Ids, id => Assert.Equal(0, id));
        Assert.All(probabilities, probability => Assert.Equal(0.25f, probability));
    }

    [Fact]
    public void ClassifyWithProbabilities_FarApartLogits_StayFinite()
    {
        var values = new float[3 * Cells * Cells];
        values.AsSpan(0, Cells * Cells).Fill(-1e30f);
        values.AsSpan(Cells * Cells, Cells * Cells).Fill(1e30f);
        var truth = new LabelMap(5, 7);
        truth.Ids.AsSpan().Fill(1);
        var output = Output(values, 3, ImageGeometry.Of(5, 7, Size, Preprocessing.Sam));

        var (map, probabilities) = output.ClassifyWithProbabilities();
        var (_, loss) = output.ClassifyAgainst(truth, 255);

        Assert.All(map.Ids, id => Assert.Equal(1, id));
        Assert.Equal([.. Enumerable.Repeat(0f, 35), .. Enumerable.Repeat(1f, 35), .. Enumerable.Repeat(0f, 35)], probabilities);
        Assert.Equal(0, loss, 1e-4);
    }

    [Fact]
    public void Classify_MoreThan255Classes_GivesWideIds()
    {
        var values = new float[300 * Cells * Cells];
        values.AsSpan(299 * Cells * Cells).Fill(1);

        Assert.All(Output(values, 300, ImageGeometry.Of(9, 4, Size, Preprocessing.Sam)).Classify().Ids, id => Assert.Equal(299, id));
    }

    [Fact]
    public void ClassifyWithProbabilities_MoreThanAnArrayHolds_SaysHowMany()
    {
        var output = new ImageLogits(new LogitSquare(new float[30_000], 30_000, 1, 1), ImageGeometry.Of(300, 300, Size, Preprocessing.Sam));

        var error = Assert.Throws<InvalidOperationException>(() => output.ClassifyWithProbabilities());

        Assert.Contains("30000 classes of 300×300 pixels", error.Message);
    }

    public static TheoryData<int, int, int, Preprocessing> Shapes()
    {
        var data = new TheoryData<int, int, int, Preprocessing>();
        foreach (var mode in Enum.GetValues<Preprocessing>())
        {
            foreach (var (height, width) in new[] { (1, 1), (1, 50), (50, 1), (40, 56), (56, 40), (64, 64), (1, 300), (700, 2), (201, 130) })
                data.Add(3, height, width, mode);
            data.Add(1, 5, 6, mode);
            data.Add(21, 33, 47, mode);
            data.Add(300, 20, 31, mode);
        }
        return data;
    }

    private static ImageLogits Output(float[] values, int classes, ImageGeometry geometry) => new(new LogitSquare(values, classes, Cells, Cells), geometry);

    private static (ImageGeometry Geometry, float[] Logits) Make(int classes, int height, int width, Preprocessing mode)
    {
        var random = new Random(classes * 1000 + height + width);
        var values = new float[classes * Cells * Cells];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(10 * random.NextDouble() - 5);
        return (ImageGeometry.Of(height, width, Size, mode), values);
    }

    private static IEnumerable<(int Y, int X)> Pixels(int height, int width) =>
        from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) where (y * width + x) % 3 == 0 || height * width < 3000 select (y, x);
}
