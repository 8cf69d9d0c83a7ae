using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Imaging;

public sealed class OverlayTests
{
    private readonly RgbImage _photo = new(1, 3, [10, 20, 30, 100, 100, 100, 255, 255, 255]);

    [Fact]
    public void Blend_Defaults_LeaveBackgroundAndMixTheRestByHalves()
    {
        RgbImage blended = Overlay.Blend(_photo, new LabelMap(1, 3, [0, 1, 255]), ColorMap.Voc);

        Assert.Equal([10, 20, 30, 114, 50, 50, 240, 240, 224], blended.Pixels);
        Assert.Equal([10, 20, 30], _photo.Pixels[..3]);
    }

    [Fact]
    public void Blend_OpacityAtItsEnds_IsPhotoOrColors()
    {
        LabelMap map = new(1, 3, [1, 2, 3]);

        Assert.Equal(_photo.Pixels, Overlay.Blend(_photo, map, ColorMap.Voc, 0).Pixels);
        Assert.Equal(ColorMap.Voc.Colorize(map).Pixels, Overlay.Blend(_photo, map, ColorMap.Voc, 1).Pixels);
    }

    [Fact]
    public void Blend_OtherTransparentIds_DrawsBackground()
    {
        OverlayOptions options = new() { TransparentIds = [255] };

        RgbImage blended = Overlay.Blend(_photo, new LabelMap(1, 3, [0, 1, 255]), ColorMap.Voc, 1, options);

        Assert.Equal([0, 0, 0, 128, 0, 0, 255, 255, 255], blended.Pixels);
    }

    [Fact]
    public void Blend_Borders_AreFullColorInsideOnly()
    {
        RgbImage photo = new(5, 5, new byte[75]);
        LabelMap map = new(5, 5);
        for (int y = 1; y < 5; y++)
        {
            for (int x = 1; x < 5; x++)
            {
                map[y, x] = 1;
            }
        }

        RgbImage blended = Overlay.Blend(photo, map, ColorMap.Voc, 0.5, new OverlayOptions { DrawBorders = true });

        // The region touches the image's right and lower edges, which are no borders.
        byte[] red = [.. blended.Pixels.Where((_, i) => i % 3 == 0)];
        Assert.Equal(
            [
                0, 0, 0, 0, 0,
                0, 128, 128, 128, 128,
                0, 128, 64, 64, 64,
                0, 128, 64, 64, 64,
                0, 128, 64, 64, 64,
            ],
            red);
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Blend_OpacityOutsideZeroToOne_Throws(double opacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Overlay.Blend(_photo, new LabelMap(1, 3), ColorMap.Voc, opacity));

    [Fact]
    public void Blend_OtherSize_NamesBoth()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Overlay.Blend(_photo, new LabelMap(3, 1), ColorMap.Voc));

        Assert.Contains("1×3", e.Message);
        Assert.Contains("3×1", e.Message);
    }
}
