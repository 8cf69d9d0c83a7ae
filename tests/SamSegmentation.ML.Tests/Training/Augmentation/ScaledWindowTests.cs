using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Augmentation;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Augmentation;

public sealed class ScaledWindowTests
{
    [Theory]
    [InlineData(1.5, 0, 0)]
    [InlineData(2, 0.999, 0.5)]
    [InlineData(1.03, 0.3, 0.999)]
    [InlineData(0.5, 0.7, 0.7)]
    [InlineData(0.01, 0, 0)]
    public void Cut_AnyScale_IsAPartOfTheWholeImageResized(double scale, double down, double across)
    {
        foreach (var (height, width) in ((int, int)[])[(40, 56), (1, 7), (31, 90)])
        {
            var (image, label) = Noise(height, width);
            var window = ScaledWindow.Of(height, width, AugmentationDraw.None with { Scale = scale, Down = down, Across = across });
            var (wholeImage, wholeLabel) = (PillowResize.Bilinear(image, window.ScaledHeight, window.ScaledWidth), label.ResizeNearest(window.ScaledHeight, window.ScaledWidth));

            var (cutImage, cutLabel) = (window.Cut(image), window.Cut(label));

            Assert.Equal((Math.Max(1, (int)(height * scale + 0.5)), Math.Max(1, (int)(width * scale + 0.5))), (window.ScaledHeight, window.ScaledWidth));
            Assert.Equal((Math.Min(height, window.ScaledHeight), Math.Min(width, window.ScaledWidth)), (cutImage.Height, cutImage.Width));
            for (var y = 0; y < window.Rows; y++)
            {
                var start = (window.Top + y) * window.ScaledWidth + window.Left;
                Assert.Equal(wholeImage.Pixels.AsSpan(3 * start, 3 * window.Columns), cutImage.Pixels.AsSpan(3 * y * window.Columns, 3 * window.Columns));
                Assert.Equal(wholeLabel.Ids.AsSpan(start, window.Columns), cutLabel.Ids.AsSpan(y * window.Columns, window.Columns));
            }
        }
    }

    [Fact]
    public void Of_PlacesFromEndToEnd_AreAllWithinTheImage()
    {
        var tops = Enumerable.Range(0, 1000).Select(i => ScaledWindow.Of(10, 10, AugmentationDraw.None with { Scale = 1.2, Down = i / 1000.0 }).Top);

        // 12 rows have places 0, 1 and 2 for 10, each for a third of the numbers.
        Assert.Equal([(0, 334), (1, 333), (2, 333)], tops.CountBy(top => top).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Pad_Smaller_FillsToTheRightAndBelow()
    {
        var image = ScaledWindow.Pad(new RgbImage(1, 1, [1, 2, 3]), 2, 2);
        var label = ScaledWindow.Pad(new LabelMap(1, 1, [7]), 2, 2, 255);

        Assert.Equal([1, 2, 3, 124, 116, 104, 124, 116, 104, 124, 116, 104], image.Pixels);
        Assert.Equal([7, 255, 255, 255], label.Ids);
    }

    private static (RgbImage, LabelMap) Noise(int height, int width)
    {
        var random = new Random(height * width);
        var pixels = new byte[3 * height * width];
        random.NextBytes(pixels);
        var label = new LabelMap(height, width);
        for (var i = 0; i < label.Ids.Length; i++)
            label.Ids[i] = (ushort)random.Next(21);
        return (new RgbImage(height, width, pixels), label);
    }
}
