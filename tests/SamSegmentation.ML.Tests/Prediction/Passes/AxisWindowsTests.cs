using SamSegmentation.ML.Prediction.Passes;
using Xunit;

namespace SamSegmentation.ML.Tests.Prediction.Passes;

public sealed class AxisWindowsTests
{
    private const int Size = 16;

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Cover_AnySides_CoversEveryPixelWithWeightsThatAddUpToOne(double overlap)
    {
        foreach (var (own, scaled) in Sides())
        {
            var windows = AxisWindows.Cover(own, scaled, Size, overlap);

            var sums = new float[own];
            foreach (var window in windows)
            {
                Assert.Equal((own, scaled, Math.Min(scaled, Size)), (window.Own, window.Scaled, window.Length));
                Assert.InRange(window.Start, 0, scaled - window.Length);
                for (var pixel = window.First; pixel < window.End; pixel++)
                {
                    Assert.InRange((pixel + 0.5) * scaled / own, window.Start, window.Start + window.Length);
                    Assert.InRange(window.Weights[pixel - window.First], 0, 1);
                    sums[pixel] += window.Weights[pixel - window.First];
                }
            }
            Assert.All(sums, sum => Assert.Equal(1f, sum));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Cover_OwnSize_SpreadsWindowsEvenlyFromEdgeToEdge(double overlap)
    {
        for (var side = 1; side <= 130; side++)
        {
            var starts = AxisWindows.Cover(side, side, Size, overlap).Select(window => window.Start).ToArray();

            Assert.Equal(0, starts[0]);
            Assert.Equal(Math.Max(0, side - Size), starts[^1]);
            var steps = starts.Zip(starts.Skip(1), (one, next) => next - one).ToArray();
            Assert.All(steps, step => Assert.InRange(step, 1, Math.Max(1, (int)(Size * (1 - overlap))) + 1));
            if (steps.Length > 0)
                Assert.InRange(steps.Max() - steps.Min(), 0, 1);
        }
    }

    [Fact]
    public void Cover_TwoAxes_ProductsOfWeightsAddUpToExactlyOne()
    {
        foreach (var (own, scaled) in Sides().Where(sides => sides.Own is > 20 and < 50))
        {
            var rows = AxisWindows.Cover(own, scaled, Size, 0.6);
            var columns = AxisWindows.Cover(own + 7, own + 7, Size, 0.35);
            for (var y = 0; y < own; y += 3)
            {
                for (var x = 0; x < own + 7; x++)
                {
                    var sum = 0f;
                    foreach (var row in rows.Where(row => y >= row.First && y < row.End))
                        foreach (var column in columns.Where(column => x >= column.First && x < column.End))
                            sum += row.Weights[y - row.First] * column.Weights[x - column.First];
                    Assert.Equal(1f, sum);
                }
            }
        }
    }

    [Fact]
    public void Cover_TwoWindows_FadeLinearlyFromOneToTheOther()
    {
        // Windows 0..16 and 8..24: pixels 8 to 15 belong to both.
        var windows = AxisWindows.Cover(24, 24, Size, 0.5);

        Assert.Equal([0, 8], windows.Select(window => window.Start));
        Assert.All(windows[0].Weights[..8], weight => Assert.Equal(1, weight));
        Assert.All(windows[1].Weights[8..], weight => Assert.Equal(1, weight));
        for (var i = 0; i < 8; i++)
            Assert.Equal((i + 0.5) / 8, windows[1].Weights[i], 1.0 / 4096);
    }

    [Fact]
    public void Cover_WindowsBetweenTwoPixelCentres_AreLeftOut()
    {
        // One pixel, whose centre lies at 64 of 128.
        var windows = AxisWindows.Cover(1, 128, Size, 0);

        Assert.Equal(64, Assert.Single(windows).Start);
    }

    [Fact]
    public void Places_CellPerPixel_AreEachPixelsOwnCell()
    {
        var window = AxisWindows.Cover(40, 40, Size, 0.5)[1];

        var places = window.Places(window.First + 2, 3, Size, Size, mirrored: false);
        var mirrored = window.Places(window.First + 2, 3, Size, Size, mirrored: true);

        Assert.Equal((2, 4), (places.First, places.Needed));
        Assert.Equal([2, 3, 4], places.Near);
        Assert.Equal((Size - 5, 4), (mirrored.First, mirrored.Needed));
        Assert.Equal([Size - 3, Size - 4, Size - 5], mirrored.Near);
        Assert.All([places, mirrored], one => Assert.Equal([1, 1, 1, 0, 0, 0], one.NearWeights.Concat(one.FarWeights)));
    }

    private static IEnumerable<(int Own, int Scaled)> Sides()
    {
        for (var own = 1; own <= 75; own += own < 36 ? 1 : 7)
        {
            foreach (var scaled in new[] { 1, 2, 15, 16, 17, 31, 32, 33, 47, 64, 101, own, 2 * own + 1 })
                yield return (own, scaled);
        }
    }
}
