using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Prediction.Logits;
using Xunit;

namespace SamSegmentation.ML.Tests.Prediction;

public sealed class ImageLogitsTests
{
    private const int Cells = 16;
    private const int Size = 64;

    [Theory]
    [InlineData(1, 1, 1, Preprocessing.Sam)]
    [InlineData(2, 1, 500, Preprocessing.Sam)]
    [InlineData(3, 700, 2, Preprocessing.Sam)]
    [InlineData(5, 37, 53, Preprocessing.Stretch)]
    [InlineData(4, 190, 301, Preprocessing.Sam)]
    [InlineData(300, 20, 31, Preprocessing.Sam)]
    public void Classify_AnySize_GivesTheHighestInterpolatedLogitAndSoftmax(int classes, int height, int width, Preprocessing mode)
    {
        var random = new Random(classes);
        float[] values = [.. Enumerable.Range(0, classes * Cells * Cells).Select(_ => (float)random.NextDouble() * 8)];
        var geometry = ImageGeometry.Of(height, width, Size, mode);
        var output = new ImageLogits(new LogitSquare(values, classes, Cells, Cells), geometry);

        var (map, probabilities) = output.ClassifyWithProbabilities();

        Assert.Equal(output.Classify().Ids, map.Ids);
        Assert.Equal((height, width, classes * height * width), (map.Height, map.Width, probabilities.Length));
        var slow = new SlowClassifier(values, classes, Cells, geometry);
        for (var i = 0; i < height * width; i += Math.Max(1, height * width / 400))
        {
            var (y, x) = (i / width, i % width);
            Assert.InRange(slow.Lag(map[y, x], y, x), 0, 1e-4);
            var expected = slow.Probabilities(y, x);
            for (var id = 0; id < classes; id++)
                Assert.Equal(expected[id], probabilities[id * height * width + i], 1e-5);
        }
    }
}
