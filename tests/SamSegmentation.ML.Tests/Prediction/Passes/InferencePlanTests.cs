using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Prediction.Passes;
using Xunit;

namespace SamSegmentation.ML.Tests.Prediction.Passes;

public sealed class InferencePlanTests
{
    private const int Size = 64;

    [Fact]
    public void Of_Defaults_IsTheSinglePassOfEveryImage()
    {
        foreach (var mode in Enum.GetValues<Preprocessing>())
        {
            foreach (var (height, width) in new[] { (1, 1), (1, 300), (300, 1), (64, 64), (63, 65), (37, 500), (1000, 999) })
            {
                var plan = InferencePlan.Of(height, width, Size, mode, InferenceOptions.Default);

                Assert.True(plan.IsSinglePass);
                var expected = ImageGeometry.Of(height, width, Size, mode);
                Assert.Equal((expected.ContentHeight, expected.ContentWidth), (plan.Passes[0].Rows.Scaled, plan.Passes[0].Columns.Scaled));
            }
        }
    }

    [Theory]
    [InlineData(SlidingWindow.Off, 1, 64, 32, 1)]
    [InlineData(SlidingWindow.Off, 0.5, 32, 16, 1)]
    [InlineData(SlidingWindow.Off, 2, 128, 64, 3)]
    [InlineData(SlidingWindow.ShorterSide, 1, 128, 64, 3)]
    [InlineData(SlidingWindow.ShorterSide, 2, 256, 128, 21)]
    [InlineData(SlidingWindow.OwnSize, 1, 200, 100, 18)]
    [InlineData(SlidingWindow.OwnSize, 0.25, 50, 25, 1)]
    public void Of_SamsImage_IsCutAtTheSizeThatWindowAndScaleGive(SlidingWindow window, double scale, int scaledHeight, int scaledWidth, int passes)
    {
        var plan = InferencePlan.Of(200, 100, Size, Preprocessing.Sam, new InferenceOptions { Window = window, Scales = [scale] });

        Assert.Equal(passes, plan.Passes.Count);
        Assert.Equal(passes == 1, plan.IsSinglePass);
        Assert.All(plan.Passes, pass => Assert.Equal((scaledHeight, scaledWidth), (pass.Rows.Scaled, pass.Columns.Scaled)));
        Assert.Equal(plan.Passes.Select(pass => pass.Rows.First).Order(), plan.Passes.Select(pass => pass.Rows.First));
    }

    [Theory]
    [InlineData(SlidingWindow.Off, 64, 64)]
    [InlineData(SlidingWindow.ShorterSide, 64, 64)]
    [InlineData(SlidingWindow.OwnSize, 200, 100)]
    public void Of_StretchedImage_IsASquareButAtItsOwnSize(SlidingWindow window, int height, int width)
    {
        var plan = InferencePlan.Of(200, 100, Size, Preprocessing.Stretch, new InferenceOptions { Window = window });

        Assert.All(plan.Passes, pass => Assert.Equal((height, width), (pass.Rows.Scaled, pass.Columns.Scaled)));
    }

    [Fact]
    public void Of_FlipAndScales_SeesEachViewOnce()
    {
        var plan = InferencePlan.Of(40, 40, Size, Preprocessing.Sam, new InferenceOptions { Flip = true, Scales = [0.5, 1] });

        Assert.Equal((4, 4), (plan.Views, plan.Passes.Count));
        Assert.Equal(2, plan.Passes.Count(pass => pass.Mirrored));
        Assert.False(plan.IsSinglePass);
    }

    [Fact]
    public void Of_TooLargeAtAScale_SaysHowLarge()
    {
        var error = Assert.Throws<InvalidOperationException>(() =>
            InferencePlan.Of(1, 30_000, 1024, Preprocessing.Sam, new InferenceOptions { Window = SlidingWindow.ShorterSide, Scales = [0.5] }));

        Assert.Contains("an image of 30000×1 pixels is to be cut into windows at 15360000×512", error.Message);
        Assert.Contains("At scale 0.5", error.Message);
    }
}
