using SamSegmentation.ML.Imaging;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Imaging;

public sealed class SamPreprocessorTests
{
    [Theory]
    [InlineData(375, 500, 1024, 768, 1024)]
    [InlineData(500, 375, 1024, 1024, 768)]
    [InlineData(333, 500, 1024, 682, 1024)] // 681.98
    [InlineData(281, 500, 1024, 575, 1024)] // 575.49
    [InlineData(1024, 1024, 1024, 1024, 1024)]
    [InlineData(3, 6, 7, 4, 7)] // 3.5 goes up
    [InlineData(1, 5000, 64, 1, 64)]
    [InlineData(5000, 1, 64, 64, 1)]
    public void Of_Sam_BringsLongestSideToSize(int height, int width, int size, int contentHeight, int contentWidth)
    {
        ImageGeometry geometry = ImageGeometry.Of(height, width, size, Preprocessing.Sam);

        Assert.Equal(new ImageGeometry(height, width, contentHeight, contentWidth, size), geometry);
        Assert.Equal((double)contentHeight / size, geometry.ContentHeightFraction);
        Assert.Equal((double)contentWidth / size, geometry.ContentWidthFraction);
    }

    [Fact]
    public void Of_Stretch_FillsTheSquare() =>
        Assert.Equal(new ImageGeometry(30, 50, 64, 64, 64), ImageGeometry.Of(30, 50, 64, Preprocessing.Stretch));

    [Fact]
    public void Of_UnknownMode_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageGeometry.Of(1, 1, 1, (Preprocessing)7));

    [Fact]
    public void Prepare_Sam_ResizesLikePillow()
    {
        RgbImage photo = Photo(9, 15);

        PreparedImage prepared = new SamPreprocessor(32, Preprocessing.Sam).Prepare(photo);

        Assert.Equal(new ImageGeometry(9, 15, 19, 32, 32), prepared.Geometry);
        Assert.Equal(PillowResize.Bilinear(photo, 19, 32).Pixels, prepared.Pixels);
    }

    [Fact]
    public void ToTensor_Sam_NormalisesContentAndPadsWithZeros()
    {
        using IDisposable scope = NewDisposeScope();
        SamPreprocessor preprocessor = new(16, Preprocessing.Sam);
        PreparedImage[] images = [preprocessor.Prepare(Photo(8, 20)), preprocessor.Prepare(Photo(16, 4)), preprocessor.Prepare(Photo(16, 16))];

        Tensor tensor = preprocessor.ToTensor(images);

        Assert.Equal([3L, 3, 16, 16], tensor.shape);
        Assert.Equal(ScalarType.Float32, tensor.dtype);
        float[] values = tensor.data<float>().ToArray();
        float[] mean = [123.675f, 116.28f, 103.53f], deviation = [58.395f, 57.12f, 57.375f];
        Assert.Equal(Expected(images, (value, channel) => (value - mean[channel]) / deviation[channel]), values);
    }

    [Fact]
    public void ToTensor_Stretch_DividesBy255()
    {
        using IDisposable scope = NewDisposeScope();
        SamPreprocessor preprocessor = new(8, Preprocessing.Stretch);
        PreparedImage[] images = [preprocessor.Prepare(Photo(3, 20))];

        float[] values = preprocessor.ToTensor(images).data<float>().ToArray();

        Assert.Equal(Expected(images, (value, _) => value / 255f), values);
    }

    [Fact]
    public void ToTensor_PreparedForOtherSize_NamesBoth()
    {
        PreparedImage small = new SamPreprocessor(16, Preprocessing.Sam).Prepare(Photo(4, 4));

        ArgumentException e = Assert.Throws<ArgumentException>(() => new SamPreprocessor(32, Preprocessing.Sam).ToTensor([small]));

        Assert.Contains("Image 0 was prepared for size 16, not 32", e.Message);
    }

    [Fact]
    public void ToTensor_NoImages_Throws() =>
        Assert.Throws<ArgumentException>(() => new SamPreprocessor(16, Preprocessing.Sam).ToTensor([]));

    [Fact]
    public void Constructor_UnknownMode_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamPreprocessor(16, (Preprocessing)9));

    [Fact]
    public void PreparedImage_WrongLength_SaysWhich()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new PreparedImage(new byte[5], new ImageGeometry(4, 8, 2, 4, 4)));

        Assert.Contains("4×2 takes 24 bytes, not 5", e.Message);
    }

    private static RgbImage Photo(int height, int width)
    {
        byte[] pixels = new byte[3 * height * width];
        new Random(height * width).NextBytes(pixels);
        return new RgbImage(height, width, pixels);
    }

    private static float[] Expected(PreparedImage[] images, Func<byte, int, float> scale)
    {
        int size = images[0].Geometry.Size;
        List<float> values = [];
        foreach (PreparedImage image in images)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                for (int y = 0; y < size; y++)
                {
                    for (int x = 0; x < size; x++)
                    {
                        bool inside = y < image.Geometry.ContentHeight && x < image.Geometry.ContentWidth;
                        values.Add(inside ? scale(image.Pixels[(3 * ((y * image.Geometry.ContentWidth) + x)) + channel], channel) : 0);
                    }
                }
            }
        }

        return [.. values];
    }
}
