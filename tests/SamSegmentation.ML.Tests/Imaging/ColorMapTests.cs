using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Imaging;

public sealed class ColorMapTests
{
    [Fact]
    public void Voc_FirstTwentyOneAndVoid_AreTheStandardColors()
    {
        (byte, byte, byte)[] expected =
        [
            (0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (0, 0, 128), (128, 0, 128), (0, 128, 128),
            (128, 128, 128), (64, 0, 0), (192, 0, 0), (64, 128, 0), (192, 128, 0), (64, 0, 128), (192, 0, 128),
            (64, 128, 128), (192, 128, 128), (0, 64, 0), (128, 64, 0), (0, 192, 0), (128, 192, 0), (0, 64, 128),
        ];

        Assert.Equal(expected, Enumerable.Range(0, 21).Select(id => ColorMap.Voc[id]));
        Assert.Equal((224, 224, 192), ColorMap.Voc[255]);
        Assert.Equal(256, ColorMap.Voc.Count);
    }

    [Fact]
    public void TryGetId_EveryVocColor_IsItsId()
    {
        for (int id = 0; id < 256; id++)
        {
            Assert.True(ColorMap.Voc.TryGetId(ColorMap.Voc[id], out ushort found));
            Assert.Equal(id, found);
        }

        Assert.False(ColorMap.Voc.TryGetId((1, 2, 3), out _));
    }

    [Fact]
    public void TryGetId_ColorThatComesTwice_IsFirstId()
    {
        ColorMap map = new([(9, 9, 9), (5, 5, 5), (5, 5, 5)]);

        Assert.True(map.TryGetId((5, 5, 5), out ushort id));
        Assert.Equal(1, id);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(256)]
    public void Indexer_IdWithoutColor_Throws(int id) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ColorMap.Voc[id]);

    [Fact]
    public void Constructor_NoColors_Throws() => Assert.Throws<ArgumentException>(() => new ColorMap([]));

    [Fact]
    public void Colorize_Ids_PaintsTheirColors()
    {
        RgbImage image = ColorMap.Voc.Colorize(new LabelMap(1, 3, [0, 255, 15]));

        Assert.Equal([0, 0, 0, 224, 224, 192, 192, 128, 128], image.Pixels);
    }

    [Fact]
    public void Colorize_IdWithoutColor_NamesPixel()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => ColorMap.Voc.Colorize(new LabelMap(2, 2) { [1, 0] = 256 }));

        Assert.Contains("(x 0, y 1) has id 256", e.Message);
    }
}
