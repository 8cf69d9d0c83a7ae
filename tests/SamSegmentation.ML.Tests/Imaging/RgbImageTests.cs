using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Imaging;

public sealed class RgbImageTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SavePng_ThenLoad_KeepsEveryPixel()
    {
        RgbImage image = Random(19, 31);
        string path = _folder.PathOf("out/photo.png");

        image.SavePng(path);
        RgbImage loaded = RgbImage.Load(path);

        Assert.Equal((19, 31), (loaded.Height, loaded.Width));
        Assert.Equal(image.Pixels, loaded.Pixels);
    }

    [Fact]
    public void EncodePng_SameImage_GivesSameBytes() =>
        Assert.Equal(Random(19, 31).EncodePng(), Random(19, 31).EncodePng());

    [Fact]
    public void Load_Jpeg_DecodesPhotograph()
    {
        RgbImage image = new(16, 24, [.. Enumerable.Range(0, 16 * 24).SelectMany(i => new byte[] { (byte)(200 - (i / 24)), 90, (byte)(30 + (i % 24)) })]);
        string path = _folder.PathOf("photo.jpg");
        using (MLImage photo = image.ToMLImage())
        {
            photo.Save(path);
        }

        RgbImage loaded = RgbImage.Load(path);

        Assert.Equal((16, 24), (loaded.Height, loaded.Width));
        Assert.All(image.Pixels.Zip(loaded.Pixels), pair => Assert.InRange(pair.First - pair.Second, -6, 6));
    }

    [Theory]
    [InlineData(MLPixelFormat.Bgra32)]
    [InlineData(MLPixelFormat.Rgba32)]
    public void FromMLImage_EitherPixelFormat_IsRgb(MLPixelFormat format)
    {
        using MLImage image = MLImage.CreateFromPixels(2, 1, format, [1, 2, 3, 255, 4, 5, 6, 255]);

        RgbImage rgb = RgbImage.FromMLImage(image);

        Assert.Equal((1, 2), (rgb.Height, rgb.Width));
        Assert.Equal(format is MLPixelFormat.Rgba32 ? [1, 2, 3, 4, 5, 6] : [3, 2, 1, 6, 5, 4], rgb.Pixels);
    }

    [Fact]
    public void ToMLImage_ThenBack_KeepsEveryPixelAndIsOpaque()
    {
        RgbImage image = Random(7, 5);

        using MLImage copy = image.ToMLImage();

        Assert.Equal(image.Pixels, RgbImage.FromMLImage(copy).Pixels);
        Assert.All(Enumerable.Range(0, 35), i => Assert.Equal(255, copy.Pixels[(4 * i) + 3]));
    }

    [Fact]
    public void Load_AboveLimit_IsRefused()
    {
        string path = _folder.PathOf("photo.png");
        Random(3, 4).SavePng(path);

        Assert.Equal(4, RgbImage.Load(path, new ImageLimits { MaxPixels = 12 }).Width);
        ImageFormatException e = Assert.Throws<ImageFormatException>(() => RgbImage.Load(path, new ImageLimits { MaxPixels = 11 }));
        Assert.Equal(path, e.Path);
        Assert.Contains("4×3 is 12 pixels; expected at most 11", e.Reason);
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    public void Load_TruncatedAnywhere_IsImageFormatException(string extension)
    {
        byte[] file = PhotoFile(extension);
        for (int length = 0; length < file.Length; length++)
        {
            byte[] part = file[..length];

            Assert.Throws<ImageFormatException>(() => RgbImage.Decode(part));
        }
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    public void Load_AnyByteChanged_IsImageOrImageFormatException(string extension)
    {
        byte[] file = PhotoFile(extension);
        Random random = new(1);
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            byte[] changed = [.. file];
            changed[round % file.Length] ^= (byte)random.Next(1, 256);
            if (Record.Exception(() => RgbImage.Decode(changed, path: "changed")) is { } e)
            {
                Assert.Equal("changed", Assert.IsType<ImageFormatException>(e).Path);
                refused++;
            }
        }

        Assert.InRange(refused, 1, 3000);
    }

    [Fact]
    public void Load_HeaderRightAndContentNone_IsImageFormatException()
    {
        string path = _folder.Write("photo.jpg", JpegBuilder.Photo(30, 40));

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => RgbImage.Load(path));

        Assert.Equal(path, e.Path);
    }

    [Fact]
    public void Load_MissingFile_IsIOException() =>
        Assert.Throws<FileNotFoundException>(() => RgbImage.Load(Path.Combine(_folder.Root, "none.jpg")));

    [Fact]
    public void Constructor_WrongLength_SaysWhich()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new RgbImage(2, 3, new byte[17]));

        Assert.Contains("3×2 image takes 18 bytes, not 17", e.Message);
    }

    private static RgbImage Random(int height, int width)
    {
        byte[] pixels = new byte[3 * height * width];
        new Random(2).NextBytes(pixels);
        return new RgbImage(height, width, pixels);
    }

    private byte[] PhotoFile(string extension)
    {
        string path = _folder.PathOf("photo" + extension);
        using (MLImage image = Random(9, 12).ToMLImage())
        {
            image.Save(path);
        }

        return File.ReadAllBytes(path);
    }
}
