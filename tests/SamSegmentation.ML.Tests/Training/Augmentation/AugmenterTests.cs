using FsCheck;
using FsCheck.Fluent;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Augmentation;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Augmentation;

public sealed class AugmenterTests
{
    private const int Void = 255;

    // Each class's colour; no two are near each other, and none is near the padding's.
    private static readonly (byte Red, byte Green, byte Blue)[] s_colors = [(10, 10, 10), (250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0)];
    private static readonly (byte, byte, byte) s_padding = (124, 116, 104);

    private static AugmentationOptions All { get; } = new()
    {
        FlipProbability = 0.5,
        ScaleJitter = true,
        Brightness = 0.4,
        Contrast = 0.4,
        Saturation = 0.4,
        Hue = 0.1,
        Views = 4,
    };

    [Fact]
    public void Vary_GeometryOfAnyDraw_KeepsImageAndLabelAligned()
    {
        const int Epochs = 40;
        var sample = Patches(96, 128);
        var augmenter = new Augmenter(All with { Brightness = 0, Contrast = 0, Saturation = 0, Hue = 0 }, Void, seed: 1);
        var (inner, padded, wrong) = (0, 0, 0);
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            var varied = augmenter.Vary(sample, epoch, epoch % 7);

            Assert.Equal((96, 128, 96, 128), (varied.Image.Height, varied.Image.Width, varied.Label.Height, varied.Label.Width));
            for (var y = 2; y < 94; y++)
            {
                for (var x = 2; x < 126; x++)
                {
                    // At a border two colours are mixed, and the label has one of the two.
                    if (!IsInner(varied.Label, y, x))
                        continue;
                    inner++;
                    var id = varied.Label[y, x];
                    padded += id == Void ? 1 : 0;
                    wrong += ColorAt(varied.Image, y, x) == (id == Void ? s_padding : s_colors[id]) ? 0 : 1;
                }
            }
        }
        Assert.Equal(0, wrong);
        Assert.InRange(inner, Epochs * 92 * 124 / 2, int.MaxValue);
        Assert.InRange(padded, Epochs * 92 * 124 / 20, int.MaxValue);
    }

    [Fact]
    public void Vary_Colors_LeaveTheLabelAndThePaddingAlone()
    {
        var sample = Patches(40, 60);
        var colors = All with { FlipProbability = 0, MinScale = 0.5, MaxScale = 0.5 };
        var augmenter = new Augmenter(colors, Void, seed: 3);
        var plain = new Augmenter(colors with { Brightness = 0, Contrast = 0, Saturation = 0, Hue = 0 }, Void, seed: 3);

        var (varied, expected) = (augmenter.Vary(sample, 1, 0), plain.Vary(sample, 1, 0));

        Assert.Equal(expected.Label.Ids, varied.Label.Ids);
        Assert.NotEqual(expected.Image.Pixels, varied.Image.Pixels);
        Assert.Equal(s_padding, ColorAt(varied.Image, 39, 59));
        Assert.Equal(Patches(40, 60).Image.Pixels, sample.Image.Pixels);
    }

    [Fact]
    public void Draw_SeedEpochAndIndex_DecideItAndNothingElse()
    {
        var augmenter = new Augmenter(All, Void, seed: 1);
        var draws = Enumerable.Range(1, 20).SelectMany(epoch => Enumerable.Range(0, 20).Select(index => (epoch, index))).ToArray();
        var expected = draws.Select(at => augmenter.Draw(at.epoch, at.index)).ToArray();

        var backwards = draws.Reverse().Select(at => new Augmenter(All, Void, seed: 1).Draw(at.epoch, at.index)).Reverse();
        var parallel = draws.AsParallel().AsOrdered().Select(at => augmenter.Draw(at.epoch, at.index));

        Assert.Equal(expected, backwards);
        Assert.Equal(expected, parallel);
        Assert.Equal(draws.Length, expected.Distinct().Count());
        Assert.NotEqual(expected[0], new Augmenter(All, Void, seed: 2).Draw(1, 0));
    }

    [Fact]
    public void Draw_OneOptionMore_ChangesNothingOfTheOthers()
    {
        var (few, many) = (new Augmenter(new() { FlipProbability = 0.5, Hue = 0.1 }, Void, 1), new Augmenter(All, Void, 1));
        for (var index = 0; index < 50; index++)
            Assert.Equal((few.Draw(1, index).Mirrored, few.Draw(1, index).Colors.Hue), (many.Draw(1, index).Mirrored, many.Draw(1, index).Colors.Hue));
    }

    [Fact]
    public void Draw_AnyOptions_StayWithinTheirRanges() =>
        Prop.ForAll<byte, byte, byte>((low, high, strength) =>
        {
            var (min, max, most) = (Math.Min(low + 1, high + 1) / 64.0, Math.Max(low + 1, high + 1) / 64.0, strength / 128.0);
            var options = new AugmentationOptions
            {
                ScaleJitter = true,
                MinScale = min,
                MaxScale = max,
                Brightness = most,
                Contrast = most,
                Saturation = most,
                Hue = most / 4,
            };
            var augmenter = new Augmenter(options, Void, seed: strength);
            for (var index = 0; index < 20; index++)
            {
                var draw = augmenter.Draw(1, index);
                Assert.False(draw.Mirrored);
                Assert.InRange(draw.Scale, min, max);
                Assert.InRange(draw.Down, 0, 0.9999999999999999);
                Assert.InRange(draw.Across, 0, 0.9999999999999999);
                Assert.All([draw.Colors.Brightness, draw.Colors.Contrast, draw.Colors.Saturation], factor => Assert.InRange(factor, Math.Max(0, 1 - most), 1 + most));
                Assert.InRange(draw.Colors.Hue, -most / 4, most / 4);
                Assert.InRange(draw.Colors.Order, 0, 23);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Draw_ManyImages_SpreadOverTheRanges()
    {
        const int Count = 4000;
        var augmenter = new Augmenter(All, Void, seed: 0);
        var draws = Enumerable.Range(0, Count).Select(index => augmenter.Draw(3, index)).ToArray();

        // Five standard deviations: of a binomial distribution, and of the mean of an even one, whose own is range / √12.
        var most = 5 * Math.Sqrt(Count * 0.25);
        Assert.InRange(draws.Count(draw => draw.Mirrored), Count / 2 - most, Count / 2 + most);
        MeanIs(1.25, 1.5, draw => draw.Scale);
        MeanIs(0.5, 1, draw => draw.Down);
        MeanIs(0.5, 1, draw => draw.Across);
        MeanIs(1, 0.8, draw => draw.Colors.Brightness);
        MeanIs(1, 0.8, draw => draw.Colors.Contrast);
        MeanIs(1, 0.8, draw => draw.Colors.Saturation);
        MeanIs(0, 0.2, draw => draw.Colors.Hue);
        MeanIs(11.5, 24, draw => draw.Colors.Order);

        void MeanIs(double mean, double range, Func<AugmentationDraw, double> number)
        {
            var most = 5 * range / Math.Sqrt(12.0 * Count);
            Assert.InRange(draws.Average(number), mean - most, mean + most);
        }
    }

    [Fact]
    public void View_First_IsTheSampleAndTheOthersDependOnItsPixelsAlone()
    {
        var sample = Patches(40, 60);
        var (one, other) = (new Augmenter(All, Void, seed: 1), new Augmenter(All, Void, seed: 2));

        Assert.Same(sample, one.View(sample, 0));
        var views = one.AllViews(sample).ToArray();
        Assert.Equal(4, views.Select(view => Convert.ToHexString(view.Image.Pixels)).Distinct().Count());
        foreach (var (view, again) in views.Zip(other.AllViews(sample with { Id = "of another name" })))
        {
            Assert.Equal(view.Image.Pixels, again.Image.Pixels);
            Assert.Equal(view.Label.Ids, again.Label.Ids);
        }
        Assert.NotEqual(views[1].Label.Ids, one.View(sample with { Image = Mirroring.Mirror(sample.Image) }, 1).Label.Ids);
        Assert.Throws<ArgumentOutOfRangeException>(() => one.View(sample, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.View(sample, -1));
    }

    [Theory]
    [InlineData(0.5, 2, 0.5)]
    [InlineData(0.25, 2, 0.25)]
    [InlineData(1, 2, 0.5)]
    [InlineData(0.5, 8, 0.5)]
    public void View_Flips_AreTheWantedShareOfAllViews(double probability, int views, double share)
    {
        const int Images = 400;
        // With a scale that changes the image hardly, so that more than two views are allowed.
        var augmenter = new Augmenter(new() { FlipProbability = probability, Views = views, ScaleJitter = true, MinScale = 1, MaxScale = 1 }, Void, 0);
        var mirrored = 0;
        for (var i = 0; i < Images; i++)
        {
            var label = new LabelMap(1, 2, [1, 2]);
            var sample = new LabeledImage("", new RgbImage(1, 2, [(byte)i, (byte)(i >> 8), 0, 9, 9, 9]), label);
            mirrored += augmenter.AllViews(sample).Count(view => view.Label.Ids[0] == 2);
        }

        // Each image has the next lower or the next higher number of them.
        var most = 5 * Math.Sqrt(Images * 0.25);
        Assert.InRange(mirrored, share * views * Images - most, share * views * Images + most);
    }

    [Fact]
    public void Constructor_BadOptions_AreAllListed()
    {
        var error = Assert.Throws<InvalidTrainingOptionsException>(() => new Augmenter(new() { Hue = 1, Views = 0 }, Void, 0));

        Assert.Equal(["Hue", "Views"], error.Faults.Select(fault => fault.Option));
    }

    private static bool IsInner(LabelMap map, int y, int x)
    {
        for (var down = -2; down <= 2; down++)
        {
            for (var across = -2; across <= 2; across++)
            {
                if (map[y + down, x + across] != map[y, x])
                    return false;
            }
        }
        return true;
    }

    private static (byte, byte, byte) ColorAt(RgbImage image, int y, int x)
    {
        var at = 3 * (y * image.Width + x);
        return (image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
    }

    // A picture whose colours say what its label is: ground with rectangles and one disc.
    private static LabeledImage Patches(int height, int width)
    {
        var label = new LabelMap(height, width);
        var pixels = new byte[3 * height * width];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (dy, dx) = (4 * y - 3 * height, 4 * x - 3 * width);
                label[y, x] = (ushort)(y < height / 3 && x < width / 4 ? 1 : x > width / 2 && y < height / 2 ? 2 : 16 * dx * dx + 16 * dy * dy < 9 * height * height ? 3 : y > 2 * height / 3 && x < width / 3 ? 4 : 0);
                (pixels[3 * (y * width + x)], pixels[3 * (y * width + x) + 1], pixels[3 * (y * width + x) + 2]) = s_colors[label[y, x]];
            }
        }
        return new LabeledImage("patches", new RgbImage(height, width, pixels), label);
    }
}
