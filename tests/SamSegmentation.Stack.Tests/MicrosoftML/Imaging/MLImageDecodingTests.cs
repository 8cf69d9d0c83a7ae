using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Imaging;

public sealed class MLImageDecodingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CreateFromFile_ColorPng_GivesBgraPixels()
    {
        using var image = Decode(PngFile.Make(2, 8, PngFile.Color, [[10, 20, 30, 40, 50, 60], [70, 80, 90, 1, 2, 3]]));

        Assert.Equal((2, 2), (image.Width, image.Height));
        Assert.Equal(MLPixelFormat.Bgra32, image.PixelFormat);
        Assert.Equal(32, image.BitsPerPixel);
        Assert.Equal([30, 20, 10, 255, 60, 50, 40, 255, 90, 80, 70, 255, 3, 2, 1, 255], image.Pixels.ToArray());
        Assert.Equal([30, 20, 10, 60, 50, 40, 90, 80, 70, 3, 2, 1], image.GetBGRPixels);
    }

    [Fact]
    public void CreateFromFile_PalettePng_GivesColorsAndLosesIndices()
    {
        var png = PngFile.Make(3, 8, PngFile.Palette, [[0, 2, 1]], ("PLTE", [0, 0, 0, 128, 0, 0, 0, 128, 0]));

        using var image = Decode(png);

        Assert.Equal([0, 0, 0, 255, 0, 128, 0, 255, 0, 0, 128, 255], image.Pixels.ToArray());
    }

    [Fact]
    public void CreateFromFile_GrayPngOfFourBits_SpreadsToEight()
    {
        using var image = Decode(PngFile.Make(4, 4, PngFile.Gray, [[0x0F, 0x18]]));

        Assert.Equal([0, 255, 17, 136], EveryFourth(image));
        Assert.All(Enumerable.Range(0, 4), x => Assert.Equal(255, image.Pixels[(4 * x) + 3]));
    }

    [Fact]
    public void CreateFromFile_GrayPngOfSixteenBits_ReducesToEight()
    {
        using var image = Decode(PngFile.Make(3, 16, PngFile.Gray, [[0, 0, 0x80, 0x80, 0xFF, 0xFF]]));

        Assert.Equal([0, 128, 255], EveryFourth(image));
    }

    [Fact]
    public void CreateFromFile_PngWithAlpha_MultipliesColorsByAlpha()
    {
        using var image = Decode(PngFile.Make(3, 8, PngFile.ColorWithAlpha, [[200, 100, 50, 128, 9, 9, 9, 0, 7, 8, 9, 255]]));

        Assert.Equal([25, 50, 100, 128, 0, 0, 0, 0, 9, 8, 7, 255], image.Pixels.ToArray());
        Assert.Equal([50, 100, 199], image.GetBGRPixels[..3]);
    }

    [Fact]
    public void CreateFromFile_PngWithLinearGamma_KeepsTheNumbersOfTheFile()
    {
        using var image = Decode(PngFile.Make(1, 8, PngFile.Color, [[50, 100, 150]], ("gAMA", [0, 1, 0x86, 0xA0])));

        Assert.Equal([150, 100, 50, 255], image.Pixels.ToArray());
    }

    [Fact]
    public void CreateFromFile_PngCutOff_GivesTheRowsThatAreThere()
    {
        var noise = new Random(1);
        var rows = Enumerable.Range(0, 64).Select(_ => RandomBytes(noise, 64 * 3)).ToArray();
        var png = PngFile.Make(64, 8, PngFile.Color, rows);

        using var image = Decode(png[..(png.Length / 2)]);

        Assert.Equal((64, 64), (image.Width, image.Height));
        Assert.Equal(rows[0][..3].Reverse(), image.Pixels[..3].ToArray());
        Assert.Equal([0, 0, 0], image.Pixels[^4..^1].ToArray());
    }

    [Fact]
    public void CreateFromFile_GrayJpeg_GivesEqualChannels()
    {
        using var image = Decode(JpegFile.Gray);

        Assert.Equal((8, 8), (image.Width, image.Height));
        Assert.Equal(MLPixelFormat.Bgra32, image.PixelFormat);
        var pixels = image.Pixels.ToArray();
        for (var i = 0; i < 64; i++)
        {
            Assert.InRange(pixels[4 * i], (4 * i) - 2, (4 * i) + 2);
            Assert.Equal((pixels[4 * i], pixels[4 * i], (byte)255), (pixels[(4 * i) + 1], pixels[(4 * i) + 2], pixels[(4 * i) + 3]));
        }
    }

    [Fact]
    public void CreateFromFile_CmykJpeg_GivesColors()
    {
        using var image = Decode(JpegFile.Cmyk);

        var (red, green, blue) = (image.Pixels[2], image.Pixels[1], image.Pixels[0]);
        Assert.InRange(red, 251, 255);
        Assert.InRange(green, 124, 132);
        Assert.InRange(blue, 0, 4);
        Assert.Equal(255, image.Pixels[3]);
    }

    [Fact]
    public void CreateFromFile_JpegWithOrientation_IsNotTurned()
    {
        var jpeg = _folder.PathOf("wide.jpg");
        using (var wide = MLImage.CreateFromPixels(24, 8, MLPixelFormat.Bgra32, new byte[24 * 8 * 4]))
            wide.Save(jpeg);

        using var image = Decode(JpegFile.WithOrientation(File.ReadAllBytes(jpeg)));

        Assert.Equal((24, 8), (image.Width, image.Height));
    }

    [Fact]
    public void CreateFromFile_JpegCutOff_GivesTheTopOfTheImage()
    {
        var path = _folder.PathOf("noise.jpg");
        var pixels = RandomBytes(new Random(2), 64 * 64 * 4);
        using (var whole = MLImage.CreateFromPixels(64, 64, MLPixelFormat.Bgra32, pixels))
            whole.Save(path);
        var file = File.ReadAllBytes(path);

        using var full = Decode(file);
        using var half = Decode(file[..(file.Length / 2)]);

        Assert.Equal((64, 64), (half.Width, half.Height));
        Assert.Equal(full.Pixels[..(64 * 4)].ToArray(), half.Pixels[..(64 * 4)].ToArray());
        Assert.NotEqual(full.Pixels.ToArray(), half.Pixels.ToArray());
    }

    [Fact]
    public void CreateFromStream_SamePixelsAsCreateFromFile()
    {
        var png = PngFile.Make(2, 8, PngFile.Color, [[10, 20, 30, 40, 50, 60]]);
        using var stream = new MemoryStream(png);

        using var streamed = MLImage.CreateFromStream(stream);
        using var image = Decode(png);

        Assert.Equal(image.Pixels.ToArray(), streamed.Pixels.ToArray());
    }

    [Theory]
    [InlineData("not an image")]
    [InlineData("")]
    [InlineData("\u0089PNG")]
    public void Create_ForeignContent_ThrowsArgumentException(string content)
    {
        var bytes = content.Select(c => (byte)c).ToArray();

        var file = Assert.Throws<ArgumentException>(() => MLImage.CreateFromFile(_folder.Write("bad", bytes)));
        var stream = Assert.Throws<ArgumentException>(() => MLImage.CreateFromStream(new MemoryStream(bytes)));

        Assert.Equal(("imagePath", "imageStream"), (file.ParamName, stream.ParamName));
        Assert.StartsWith("Invalid path", file.Message);
        Assert.StartsWith("Invalid input stream contents", stream.Message);
    }

    [Fact]
    public void CreateFromFile_AbsentFile_ThrowsArgumentException()
    {
        var error = Assert.Throws<ArgumentException>(() => MLImage.CreateFromFile(_folder.PathOf("absent.png")));

        Assert.Equal("imagePath", error.ParamName);
    }

    [Fact]
    public void Create_Null_ThrowsArgumentNullException()
    {
        Assert.Throws<ArgumentNullException>("imagePath", () => MLImage.CreateFromFile(null!));
        Assert.Throws<ArgumentNullException>("imageStream", () => MLImage.CreateFromStream(null!));
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] EveryFourth(MLImage image) => image.Pixels.ToArray().Where((_, i) => i % 4 == 0).ToArray();

    private MLImage Decode(byte[] file) => MLImage.CreateFromFile(_folder.Write(Guid.NewGuid().ToString("N"), file));
}
