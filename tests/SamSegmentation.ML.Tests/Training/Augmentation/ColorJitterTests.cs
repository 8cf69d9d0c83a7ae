using FsCheck;
using FsCheck.Fluent;
using SamSegmentation.ML.Training.Augmentation;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Augmentation;

public sealed class ColorJitterTests
{
    [Fact]
    public void Apply_Brightness_MultipliesCutsAndDropsFractions() =>
        Assert.Equal([150, 255, 4, 0, 1, 255], Changed([100, 200, 3, 0, 1, 255], ColorDraw.None with { Brightness = 1.5 }));

    [Fact]
    public void Apply_Contrast_MixesWithTheMeanLuma() =>
        // Lumas: 0.2989 · 200 = 59.78, cut to 59, and 0.587 · 100 = 58.7, cut to 58; their mean is 58.5, a half of it 29.25.
        Assert.Equal([129, 29, 29, 29, 79, 29], Changed([200, 0, 0, 0, 100, 0], ColorDraw.None with { Contrast = 0.5 }));

    [Fact]
    public void Apply_Saturation_MixesWithEachPixelsLuma() =>
        // Half of 200 and half of 59; of no colour the luma is left, and twice as much of it is 200 · 2 − 59 and below 0.
        Assert.Equal(
            [129, 29, 29, 29, 79, 29, 59, 59, 59, 58, 58, 58, 255, 0, 0, 0, 142, 0],
            ((double[])[0.5, 0, 2]).SelectMany(factor => Changed([200, 0, 0, 0, 100, 0], ColorDraw.None with { Saturation = factor })));

    [Theory]
    [InlineData(new byte[] { 255, 0, 0 }, 1.0 / 3, new byte[] { 0, 255, 0 })]
    [InlineData(new byte[] { 255, 0, 0 }, -1.0 / 3, new byte[] { 0, 0, 255 })]
    [InlineData(new byte[] { 255, 0, 0 }, 1.0 / 6, new byte[] { 255, 255, 0 })]
    [InlineData(new byte[] { 0, 255, 0 }, 0.5, new byte[] { 255, 0, 255 })]
    [InlineData(new byte[] { 0, 0, 255 }, -0.5, new byte[] { 255, 255, 0 })]
    // Largest 200, smallest 50, a third of the sixth from red to yellow; half a turn further between cyan and blue.
    [InlineData(new byte[] { 200, 100, 50 }, 0.5, new byte[] { 50, 150, 200 })]
    [InlineData(new byte[] { 120, 120, 120 }, 0.3, new byte[] { 120, 120, 120 })]
    [InlineData(new byte[] { 0, 0, 0 }, 0.3, new byte[] { 0, 0, 0 })]
    public void Apply_Hue_TurnsTheCircle(byte[] pixel, double turn, byte[] expected) =>
        Assert.Equal(expected, Changed(pixel, ColorDraw.None with { Hue = turn }));

    [Fact]
    public void Apply_Hue_KeepsValueAndSaturation() =>
        Prop.ForAll<byte, byte, byte>((red, green, blue) =>
        {
            foreach (var turn in (double[])[-0.45, -0.1, 0.2, 0.5])
            {
                byte[] changed = Changed([red, green, blue], ColorDraw.None with { Hue = turn });
                // The largest and the smallest channel stay, but for float32's rounding and the fraction that is dropped.
                Assert.InRange(Math.Abs(changed.Max() - Math.Max(red, Math.Max(green, blue))), 0, 1);
                Assert.InRange(Math.Abs(changed.Min() - Math.Min(red, Math.Min(green, blue))), 0, 1);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Apply_None_ChangesNothing()
    {
        byte[] pixels = [.. Enumerable.Range(0, 255).Select(i => (byte)i)];

        Assert.Equal(pixels, Changed(pixels, ColorDraw.None));
    }

    [Fact]
    public void Apply_Order_DecidesWhatComesFirst()
    {
        var draw = ColorDraw.None with { Brightness = 2, Contrast = 0.5 };
        int[] orders = [.. Enumerable.Range(0, 24)];

        // 200 becomes 400, cut to 255, and then half of it and of 176.5, the mean of the lumas 254 and 99; or else half of it
        // and of 124, the mean of 199 and 49, and twice that is cut.
        Assert.Equal(
            orders.Select(order => Array.IndexOf(ColorJitter.OrderOf(order), 0) < Array.IndexOf(ColorJitter.OrderOf(order), 1) ? 215 : 255),
            orders.Select(order => (int)Changed([200, 200, 200, 50, 50, 50], draw with { Order = order })[0]));
        Assert.Equal(24, orders.Select(order => string.Concat(ColorJitter.OrderOf(order))).Distinct().Count());
        Assert.All(orders, order => Assert.Equal([0, 1, 2, 3], ColorJitter.OrderOf(order).Order()));
    }

    private static byte[] Changed(byte[] pixels, ColorDraw draw)
    {
        byte[] changed = [.. pixels];
        ColorJitter.Apply(changed, draw);
        return changed;
    }
}
