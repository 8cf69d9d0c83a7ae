using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Imaging;

public sealed class LabelMapTests
{
    [Fact]
    public void ResizeNearest_Doubled_RepeatsEveryId()
    {
        LabelMap map = new LabelMap(1, 2, [7, 300]).ResizeNearest(2, 4);

        Assert.Equal([7, 7, 300, 300, 7, 7, 300, 300], map.Ids);
    }

    [Fact]
    public void ResizeNearest_AnySizes_TakesTheIdAtFloorOfTheCentre()
    {
        LabelMap map = new(19, 23, [.. Enumerable.Range(0, 19 * 23).Select(i => (ushort)i)]);
        foreach ((int height, int width) in new[] { (1, 1), (19, 23), (7, 50), (64, 5) })
        {
            LabelMap resized = map.ResizeNearest(height, width);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    // In decimals, so that no rounding of ours can hide one of the library's.
                    int sourceY = (int)decimal.Floor((y + 0.5m) * 19 / height);
                    int sourceX = (int)decimal.Floor((x + 0.5m) * 23 / width);
                    Assert.Equal(map[sourceY, sourceX], resized[y, x]);
                }
            }
        }
    }

    [Fact]
    public void Constructor_WrongLength_SaysWhich()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new LabelMap(2, 3, new ushort[5]));

        Assert.Contains("3×2 label map takes 6 ids, not 5", e.Message);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, -1)]
    public void Constructor_NoPixels_Throws(int height, int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LabelMap(height, width));

    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, 3)]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    public void Indexer_OutsideTheMap_Throws(int y, int x) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LabelMap(2, 3)[y, x]);
}
