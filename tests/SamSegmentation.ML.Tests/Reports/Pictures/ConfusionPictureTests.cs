using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Reports.Pictures;
using Xunit;

namespace SamSegmentation.ML.Tests.Reports.Pictures;

public sealed class ConfusionPictureTests
{
    [Fact]
    public void Draw_TwoClasses_ColoursEachCellByItsShareOfTheTrueClass()
    {
        var picture = ConfusionPicture.Draw(["sky", "tree"], [[3, 1], [0, 8]]);

        // The matrix ends a gap before the picture does, but for the room that the title needs.
        var colors = CellColors(picture, classes: 2, cell: 44, nameLetters: 4);
        Assert.Equal(ConfusionPicture.ColorOf(0.75), colors[0, 0]);
        Assert.Equal(ConfusionPicture.ColorOf(0.25), colors[0, 1]);
        Assert.Equal(((byte)255, (byte)255, (byte)255), colors[1, 0]);
        Assert.Equal(ConfusionPicture.ColorOf(1), colors[1, 1]);
    }

    [Fact]
    public void Draw_ClassWithoutPixels_HasAGreyRow()
    {
        var colors = CellColors(ConfusionPicture.Draw(["sky", "tree"], [[3, 1], [0, 0]]), classes: 2, cell: 44, nameLetters: 4);

        Assert.Equal(((byte)225, (byte)225, (byte)225), colors[1, 0]);
        Assert.Equal(((byte)225, (byte)225, (byte)225), colors[1, 1]);
    }

    [Fact]
    public void Draw_OtherNames_DrawsOtherLetters()
    {
        var one = ConfusionPicture.Draw(["sky", "tree"], [[1, 0], [0, 1]]);
        var other = ConfusionPicture.Draw(["sly", "tree"], [[1, 0], [0, 1]]);

        Assert.Equal(one.Pixels.Length, other.Pixels.Length);
        Assert.NotEqual(one.Pixels, other.Pixels);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(21)]
    [InlineData(80)]
    [InlineData(150)]
    [InlineData(ConfusionPicture.MaxClasses)]
    public void Draw_AnyNumberOfClasses_StaysOfASizeToLookAt(int classes)
    {
        var counts = Enumerable.Range(0, classes).Select(truth => Enumerable.Range(0, classes).Select(prediction => truth == prediction ? 9L : 1L).ToArray()).ToArray();
        var names = Enumerable.Range(0, classes).Select(id => $"a class with the long name {id}").ToArray();

        var picture = ConfusionPicture.Draw(names, counts);

        Assert.Equal(picture.Height, picture.Width);
        Assert.InRange(picture.Height, 60, 1200);
        Assert.Contains(picture.Pixels, value => value < 100);
    }

    [Theory]
    [InlineData("Bäume", 20, "Baume")]
    [InlineData("traffic light", 8, "traffi..")]
    [InlineData("exactly", 7, "exactly")]
    public void Fit_AccentsAndLongNames_BecomeWhatCanBeDrawn(string name, int most, string expected) =>
        Assert.Equal(expected, PixelFont.Fit(name, most));

    [Fact]
    public void IsSet_LettersThatPeopleConfuse_Differ()
    {
        var drawings = Enumerable.Range(' ', 96).Select(letter => Drawing((char)letter)).ToArray();

        Assert.Equal(96, drawings.Distinct().Count());
        Assert.Equal(Drawing('漢'), drawings[^1]);
        Assert.DoesNotContain('#', drawings[0]);
    }

    private static string Drawing(char letter) => string.Concat(
        from y in Enumerable.Range(0, PixelFont.Height)
        from x in Enumerable.Range(0, PixelFont.GlyphWidth)
        select PixelFont.IsSet(letter, x, y) ? '#' : '.');

    private static (byte R, byte G, byte B)[,] CellColors(RgbImage picture, int classes, int cell, int nameLetters)
    {
        var start = 4 + 16 + 4 + nameLetters * 12 + 4;
        var colors = new (byte, byte, byte)[classes, classes];
        for (var truth = 0; truth < classes; truth++)
        {
            for (var prediction = 0; prediction < classes; prediction++)
            {
                // A cell's corner, beside its percentage.
                var at = 3 * ((start + cell * truth + 1) * picture.Width + start + cell * prediction + 1);
                colors[truth, prediction] = (picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2]);
            }
        }
        return colors;
    }
}
