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

    // Random pixels, and what torchvision's functions of tensors make of them.
    private static readonly byte[] s_pixels = [172, 195, 36, 47, 103, 87, 117, 9, 70, 192, 211, 216, 67, 21, 88, 251, 242, 140];

    public static TheoryData<double, double, double, double, string, byte[]> Torchvision => new()
    {
        { 1.37, 1, 1, 0, "0123", [235, 255, 49, 64, 141, 119, 160, 12, 95, 255, 255, 255, 91, 28, 120, 255, 255, 191] },
        { 1, 0.63, 1, 0, "0123", [156, 171, 70, 77, 113, 102, 121, 53, 92, 169, 181, 184, 90, 61, 103, 206, 200, 136] },
        { 1, 1.29, 1, 0, "0123", [184, 213, 8, 22, 95, 74, 113, 0, 52, 209, 234, 240, 48, 0, 75, 255, 255, 142] },
        { 1, 1, 1.41, 0, "0123", [173, 205, 0, 31, 110, 88, 145, 0, 79, 186, 213, 220, 77, 12, 106, 255, 245, 101] },
        { 1, 1, 0.23, 0, "0123", [169, 174, 138, 75, 88, 84, 63, 39, 53, 202, 206, 207, 47, 37, 52, 237, 235, 211] },
        { 1, 1, 1, 0.17, "0123", [36, 195, 62, 47, 62, 103, 117, 58, 9, 198, 192, 216, 88, 21, 40, 147, 251, 140] },
        { 1, 1, 1, -0.31, "0123", [195, 36, 150, 103, 95, 47, 9, 55, 117, 208, 216, 192, 21, 88, 76, 251, 140, 245] },
        { 0.8, 1.3, 1.2, -0.05, "2031", [178, 148, 0, 10, 79, 39, 105, 0, 87, 166, 196, 193, 18, 0, 70, 234, 180, 95] },
    };

    [Theory]
    [MemberData(nameof(Torchvision))]
    public void Apply_RandomPixels_IsTorchvisionsByteForByte(double brightness, double contrast, double saturation, double hue, string order, byte[] expected)
    {
        var number = Enumerable.Range(0, 24).Single(candidate => string.Concat(ColorJitter.OrderOf(candidate)) == order);

        Assert.Equal(expected, Changed(s_pixels, new ColorDraw(brightness, contrast, saturation, hue, number)));
    }

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
