using SamSegmentation.ML.Imaging;
using SamSegmentation.Stack.Tests.MicrosoftML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Imaging;

/// <summary>Photographs of every kind that PNG and JPEG know become red, green and blue.</summary>
public sealed class PhotographKindsTests
{
    [Theory]
    [InlineData(1, new ushort[] { 0, 1 }, new byte[] { 0, 255 })]
    [InlineData(2, new ushort[] { 1, 2 }, new byte[] { 85, 170 })]
    [InlineData(4, new ushort[] { 1, 14 }, new byte[] { 17, 238 })]
    [InlineData(8, new ushort[] { 1, 254 }, new byte[] { 1, 254 })]
    [InlineData(16, new ushort[] { 0x0101, 0xFEFE }, new byte[] { 1, 254 })]
    public void Decode_GreyPng_GivesEqualChannels(int depth, ushort[] samples, byte[] expected)
    {
        foreach (bool interlaced in new[] { false, true })
        {
            RgbImage image = RgbImage.Decode(Png(PngBuilder.Gray, depth, samples, interlaced));

            Assert.Equal((1, 2), (image.Height, image.Width));
            Assert.Equal([expected[0], expected[0], expected[0], expected[1], expected[1], expected[1]], image.Pixels);
        }
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(8, true)]
    [InlineData(16, false)]
    [InlineData(16, true)]
    public void Decode_ColorPng_KeepsChannelOrder(int depth, bool interlaced)
    {
        ushort[] samples = [10, 20, 30, 40, 50, 60];
        RgbImage image = RgbImage.Decode(Png(PngBuilder.Rgb, depth, [.. samples.Select(value => (ushort)(depth == 16 ? value * 257 : value))], interlaced));

        Assert.Equal(samples.Select(value => (byte)value), image.Pixels);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Decode_PalettePng_GivesItsColors(int depth)
    {
        byte[] colors = new byte[3 << depth];
        new byte[] { 10, 20, 30, 40, 50, 60 }.CopyTo(colors, 0);

        Assert.Equal([40, 50, 60, 10, 20, 30], RgbImage.Decode(Png(PngBuilder.Palette, depth, [1, 0], colors: colors)).Pixels);
    }

    [Fact]
    public void Decode_TransparentPixels_GiveTheColorsBelowTheAlpha()
    {
        // As PIL's convert("RGB"), which drops alpha. The decoder multiplies colours by it, which costs their last bits.
        AssertNear([200, 100, 50, 9, 9, 9], Png(PngBuilder.Rgba, 8, [200, 100, 50, 128, 9, 9, 9, 255]), 2);
        AssertNear([200, 200, 200, 9, 9, 9], Png(PngBuilder.GrayAlpha, 8, [200, 64, 9, 255]), 4);
        AssertNear([200, 100, 50, 9, 9, 9], Png(PngBuilder.Rgba, 16, [200 * 257, 100 * 257, 50 * 257, 128 * 257, 9 * 257, 9 * 257, 9 * 257, 65535]), 2);
        AssertNear([10, 20, 30, 200, 100, 50], Png(PngBuilder.Palette, 8, [0, 1], colors: [10, 20, 30, 200, 100, 50], extra: ("tRNS", [255, 100])), 2);
    }

    [Fact]
    public void Decode_WhollyTransparentPixel_IsBlack() =>
        Assert.Equal([0, 0, 0, 1, 2, 3], RgbImage.Decode(Png(PngBuilder.Rgba, 8, [200, 100, 50, 0, 1, 2, 3, 255])).Pixels);

    [Fact]
    public void Decode_GreyJpeg_GivesEqualChannels()
    {
        RgbImage image = RgbImage.Decode(JpegFile.Gray);

        Assert.Equal((8, 8), (image.Height, image.Width));
        for (int i = 0; i < 64; i++)
        {
            Assert.InRange(image.Pixels[3 * i], (4 * i) - 2, (4 * i) + 2);
            Assert.Equal((image.Pixels[3 * i], image.Pixels[3 * i]), (image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2]));
        }
    }

    [Fact]
    public void Decode_CmykJpeg_GivesColors() =>
        AssertNear([255, 128, 0], JpegFile.Cmyk, 4);

    [Fact]
    public void Decode_ProgressiveJpeg_GivesColors()
    {
        RgbImage image = RgbImage.Decode(JpegFile.Progressive);

        Assert.Equal((8, 16), (image.Height, image.Width));
        AssertNear([200, 90, 30], JpegFile.Progressive, 12);
        Assert.InRange(image.Pixels[^1], 208, 232);
    }

    [Fact]
    public void Decode_JpegThatAsksToBeTurned_IsNotTurned() =>
        Assert.Equal(RgbImage.Decode(JpegFile.Progressive).Pixels, RgbImage.Decode(JpegFile.WithOrientation(JpegFile.Progressive)).Pixels);

    [Fact]
    public void Decode_BytesBehindTheEnd_AreNotLookedAt()
    {
        Assert.Equal(RgbImage.Decode(JpegFile.Gray).Pixels, RgbImage.Decode([.. JpegFile.Gray, 0, 1, 2, 0xFF, 0xD8]).Pixels);
        byte[] png = Png(PngBuilder.Rgb, 8, [1, 2, 3, 4, 5, 6]);
        Assert.Equal(RgbImage.Decode(png).Pixels, RgbImage.Decode([.. png, 0, 1, 2]).Pixels);
    }

    [Fact]
    public void Decode_JpegWithASecondLargerFrameHeader_NeverDecodesThatSize()
    {
        // Whatever a decoder makes of two headers: what was checked against the limit is what comes out, or nothing.
        byte[] second = new JpegBuilder().Frame(0xC0, 60_000, 60_000).Build()[2..];
        byte[] jpeg = JpegFile.Gray;
        int scan = jpeg.AsSpan().IndexOf(new byte[] { 0xFF, 0xDA });

        Assert.Throws<ImageFormatException>(() => RgbImage.Decode([.. jpeg[..scan], .. second, .. jpeg[scan..]]));
    }

    [Theory]
    [InlineData(0x47494638)]
    [InlineData(0x424D0000)]
    [InlineData(0x52494646)]
    public void Decode_OtherFormats_AreRefusedByTheirFirstBytes(int start)
    {
        byte[] file = [(byte)(start >> 24), (byte)(start >> 16), (byte)(start >> 8), (byte)start, .. new byte[100]];

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => RgbImage.Decode(file, path: "x.jpg"));

        Assert.Equal("x.jpg", e.Path);
        Assert.Contains($"found bytes {start:X8}", e.Reason);
    }

    private static void AssertNear(int[] expected, byte[] file, int tolerance)
    {
        byte[] pixels = RgbImage.Decode(file).Pixels;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(pixels[i], expected[i] - tolerance, expected[i] + tolerance);
        }
    }

    private static byte[] Png(
        int colorType, int depth, ushort[] samples, bool interlaced = false, byte[]? colors = null, (string Type, byte[] Data)? extra = null)
    {
        byte[] png = new PngBuilder { Width = 2, Height = 1, ColorType = colorType, BitDepth = depth, Samples = samples, Interlaced = interlaced, Colors = colors }.Build();
        if (extra is not { } chunk)
        {
            return png;
        }

        // Behind the palette, which tRNS belongs to.
        int data = png.AsSpan().IndexOf("IDAT"u8) - 4;
        return [.. png[..data], .. PngBuilder.Chunk(chunk.Type, chunk.Data), .. png[data..]];
    }
}
