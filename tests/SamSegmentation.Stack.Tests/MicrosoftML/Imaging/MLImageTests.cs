using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Imaging;

public sealed class MLImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(MLPixelFormat.Bgra32, new byte[] { 1, 2, 3 })]
    [InlineData(MLPixelFormat.Rgba32, new byte[] { 3, 2, 1 })]
    public void CreateFromPixels_KeepsFormatAndCopiesPixels(MLPixelFormat format, byte[] bgr)
    {
        byte[] pixels = [1, 2, 3, 255];

        using var image = MLImage.CreateFromPixels(1, 1, format, pixels);
        pixels[0] = 99;

        Assert.Equal(format, image.PixelFormat);
        Assert.Equal([1, 2, 3, 255], image.Pixels.ToArray());
        Assert.Equal(bgr, image.GetBGRPixels);
    }

    [Fact]
    public void CreateFromPixels_BadArguments_ThrowsArgumentException()
    {
        Assert.Throws<ArgumentException>("pixelFormat", () => MLImage.CreateFromPixels(1, 1, MLPixelFormat.Unknown, new byte[4]));
        Assert.Throws<ArgumentException>("width", () => MLImage.CreateFromPixels(0, 1, MLPixelFormat.Bgra32, new byte[4]));
        Assert.Throws<ArgumentException>("height", () => MLImage.CreateFromPixels(1, -1, MLPixelFormat.Bgra32, new byte[4]));
        Assert.Throws<ArgumentException>(() => MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, new byte[4]));
    }

    [Theory]
    [InlineData(MLPixelFormat.Bgra32)]
    [InlineData(MLPixelFormat.Rgba32)]
    public void Save_Png_KeepsEveryOpaquePixel(MLPixelFormat format)
    {
        var pixels = new byte[16 * 9 * 4];
        new Random(3).NextBytes(pixels);
        for (var i = 3; i < pixels.Length; i += 4)
            pixels[i] = 255;
        using var image = MLImage.CreateFromPixels(16, 9, format, pixels);
        var path = _folder.PathOf("image.PNG");

        image.Save(path);

        using var read = MLImage.CreateFromFile(path);
        Assert.Equal((16, 9), (read.Width, read.Height));
        Assert.Equal(image.GetBGRPixels, read.GetBGRPixels);
    }

    [Fact]
    public void Save_PngWithAlpha_KeepsAlpha()
    {
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, [25, 50, 100, 128, 0, 0, 0, 0]);
        var path = _folder.PathOf("image.png");

        image.Save(path);

        using var read = MLImage.CreateFromFile(path);
        Assert.Equal(image.Pixels.ToArray(), read.Pixels.ToArray());
    }

    [Theory]
    [InlineData("image.jpg")]
    [InlineData("image.jpeg")]
    public void Save_Jpeg_KeepsAFlatColor(string name)
    {
        var pixels = Enumerable.Repeat(new byte[] { 200, 100, 50, 255 }, 16 * 16).SelectMany(p => p).ToArray();
        using var image = MLImage.CreateFromPixels(16, 16, MLPixelFormat.Rgba32, pixels);
        var path = _folder.PathOf(name);

        image.Save(path);

        using var read = MLImage.CreateFromFile(path);
        Assert.Equal([0xFF, 0xD8, 0xFF], File.ReadAllBytes(path)[..3]);
        foreach (var (expected, actual) in image.GetBGRPixels.Zip(read.GetBGRPixels))
            Assert.InRange(actual, expected - 2, expected + 2);
    }

    [Theory]
    [InlineData("image.tiff", "Path has invalid image file extension.")]
    [InlineData("image", "Path has invalid image file extension.")]
    [InlineData("image.bmp", "Saving image with the format '.bmp' is not supported.")]
    public void Save_OtherExtension_ThrowsArgumentException(string name, string message)
    {
        using var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, new byte[4]);

        var error = Assert.Throws<ArgumentException>("imagePath", () => image.Save(_folder.PathOf(name)));

        Assert.StartsWith(message, error.Message);
        Assert.False(File.Exists(_folder.PathOf(name)));
    }

    [Fact]
    public void Dispose_EveryMember_ThrowsInvalidOperationException()
    {
        var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, new byte[4]);
        image.Tag = "a";
        Assert.Equal("a", image.Tag);

        image.Dispose();
        image.Dispose();

        Action[] uses =
        [
            () => _ = image.Width, () => _ = image.Height, () => _ = image.PixelFormat, () => _ = image.BitsPerPixel,
            () => _ = image.Pixels.Length, () => _ = image.GetBGRPixels, () => _ = image.Tag, () => image.Tag = "b", () => image.Save("a.png"),
        ];
        Assert.All(uses, use => Assert.Equal("Object is disposed.", Assert.Throws<InvalidOperationException>(use).Message));
    }

    [Fact]
    public void ImageDataViewType_EqualsBySize()
    {
        Assert.Equal("Image", new ImageDataViewType().ToString());
        Assert.Equal("Image<4, 6>", new ImageDataViewType(4, 6).ToString());
        Assert.True(new ImageDataViewType(4, 6).Equals((DataViewType)new ImageDataViewType(4, 6)));
        Assert.False(new ImageDataViewType(4, 6).Equals((DataViewType)new ImageDataViewType()));
        Assert.Equal(typeof(MLImage), new ImageDataViewType().RawType);
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new ImageDataViewType(0, 6));
        Assert.Throws<ArgumentOutOfRangeException>("height", () => new ImageDataViewType(70_000, 70_000));
    }

    [Fact]
    public void ImageTypeAttribute_EqualsBySize()
    {
        Assert.True(new ImageTypeAttribute(4, 6).Equals(new ImageTypeAttribute(4, 6)));
        Assert.False(new ImageTypeAttribute(4, 6).Equals(new ImageTypeAttribute()));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => new ImageTypeAttribute(1, 0));
    }
}
