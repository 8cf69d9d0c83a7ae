using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Tests.Golden;
using Xunit;

namespace SamSegmentation.ML.Tests.Imaging;

public sealed class PillowResizeTests
{
    private const string File = "resize.safetensors";
    private static readonly byte[] _gray = [0, 50, 100, 255, 10, 20, 30, 40, 200, 100, 50, 0];

    [Fact]
    public void Bilinear_CheckValuesSmaller_AreExact()
    {
        RgbImage resized = PillowResize.Bilinear(FromGray(3, 4, _gray), 2, 2);

        Assert.Equal(FromGray(2, 2, [29, 112, 91, 35]).Pixels, resized.Pixels);
    }

    [Fact]
    public void Bilinear_CheckValuesLarger_AreExact()
    {
        RgbImage resized = PillowResize.Bilinear(FromGray(3, 4, _gray), 6, 8);

        byte[] gray = [.. resized.Pixels.Where((_, i) => i % 3 == 0)];
        Assert.Equal([0, 13, 38, 63, 88, 139, 216, 255], gray[..8]);
        Assert.Equal([200, 175, 125, 88, 63, 38, 13, 0], gray[^8..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Bilinear_Golden_IsEqualByteForByte(int index)
    {
        (int[] shape, byte[] data) = GoldenParts.Tensor(File, $"{index}.image");
        (int[] newShape, byte[] expected) = GoldenParts.Tensor(File, $"{index}.bilinear");

        RgbImage resized = PillowResize.Bilinear(new RgbImage(shape[0], shape[1], data), newShape[0], newShape[1]);

        Assert.Equal(expected, resized.Pixels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void ResizeNearest_Golden_IsEqual(int index)
    {
        (int[] shape, byte[] data) = GoldenParts.Tensor(File, $"{index}.label");
        (int[] newShape, byte[] expected) = GoldenParts.Tensor(File, $"{index}.nearest");

        LabelMap resized = new LabelMap(shape[0], shape[1], [.. data.Select(id => (ushort)id)]).ResizeNearest(newShape[0], newShape[1]);

        Assert.Equal((newShape[0], newShape[1]), (resized.Height, resized.Width));
        Assert.Equal(expected.Select(id => (ushort)id), resized.Ids);
    }

    [Fact]
    public void Bilinear_ManySizes_EqualsFormulaWrittenOut()
    {
        Random random = new(7);
        for (int round = 0; round < 60; round++)
        {
            (int height, int width, int newHeight, int newWidth) = (random.Next(1, 60), random.Next(1, 60), random.Next(1, 60), random.Next(1, 60));
            RgbImage image = RandomImage(random, height, width);

            byte[] resized = PillowResize.Bilinear(image, newHeight, newWidth).Pixels;

            Assert.Equal(Slow(image, newHeight, newWidth), resized);
        }
    }

    [Fact]
    public void Bilinear_LargeEnoughForThreads_EqualsFormulaWrittenOut()
    {
        RgbImage image = RandomImage(new Random(8), 375, 500);

        Assert.Equal(Slow(image, 768, 1024), PillowResize.Bilinear(image, 768, 1024).Pixels);
    }

    [Fact]
    public void Bilinear_Extremes_KeepBlackBlackAndWhiteWhite()
    {
        foreach (byte value in new byte[] { 0, 255 })
        {
            RgbImage image = new(37, 53, [.. Enumerable.Repeat(value, 37 * 53 * 3)]);

            Assert.All(PillowResize.Bilinear(image, 90, 11).Pixels, sample => Assert.Equal(value, sample));
        }
    }

    [Fact]
    public void Bilinear_SameSize_IsSameImage()
    {
        RgbImage image = RandomImage(new Random(9), 4, 5);

        Assert.Same(image, PillowResize.Bilinear(image, 4, 5));
    }

    [Fact]
    public void Bilinear_SideOfZero_Throws()
    {
        RgbImage image = FromGray(3, 4, _gray);

        Assert.Throws<ArgumentOutOfRangeException>(() => PillowResize.Bilinear(image, 0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => PillowResize.Bilinear(image, 5, 0));
    }

    private static RgbImage FromGray(int height, int width, byte[] gray) =>
        new(height, width, [.. gray.SelectMany(value => Enumerable.Repeat(value, 3))]);

    private static RgbImage RandomImage(Random random, int height, int width)
    {
        byte[] pixels = new byte[3 * height * width];
        random.NextBytes(pixels);
        return new RgbImage(height, width, pixels);
    }

    private static byte[] Slow(RgbImage image, int newHeight, int newWidth)
    {
        byte[] columns = new byte[3 * image.Height * newWidth];
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < newWidth; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    columns[(3 * ((y * newWidth) + x)) + c] = Sample(image.Width, newWidth, x, i => image.Pixels[(3 * ((y * image.Width) + i)) + c]);
                }
            }
        }

        byte[] rows = new byte[3 * newHeight * newWidth];
        for (int y = 0; y < newHeight; y++)
        {
            for (int i = 0; i < 3 * newWidth; i++)
            {
                rows[(y * 3 * newWidth) + i] = Sample(image.Height, newHeight, y, row => columns[(row * 3 * newWidth) + i]);
            }
        }

        return rows;
    }

    private static byte Sample(int inputs, int outputs, int i, Func<int, byte> value)
    {
        double scale = (double)inputs / outputs;
        double fs = Math.Max(scale, 1);
        double c = (i + .5) * scale;
        int min = Math.Max(0, (int)(c - fs + .5));
        int max = Math.Min(inputs, (int)(c + fs + .5));
        double[] weights = [.. Enumerable.Range(0, max - min).Select(x => Math.Max(0, 1 - Math.Abs((x + min - c + .5) / fs)))];
        double total = weights.Sum();
        long sum = 1 << 21;
        for (int x = 0; x < weights.Length; x++)
        {
            sum += value(x + min) * (long)(.5 + (weights[x] / total * (1 << 22)));
        }

        return (byte)Math.Clamp(sum >> 22, 0, 255);
    }
}
