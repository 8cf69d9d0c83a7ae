using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using Xunit;

namespace SamSegmentation.ML.Tests.Prediction;

public sealed class PredictionWriterTests : IDisposable
{
    private static readonly RgbImage _photo = new(1, 2, [10, 20, 30, 40, 50, 60]);
    private static readonly LabelMap _labels = new(1, 2, [0, 15]);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_All_PutsOnePictureOfEachKind()
    {
        var files = new PredictionWriter(_folder.Root, opacity: 0.25).Write("2007_000032", _photo, _labels);

        Assert.Equal([Out("grey/2007_000032.png"), Out("color/2007_000032.png"), Out("overlay/2007_000032.png")], files);
        Assert.Equal(_labels.Ids, LabelMapPng.Load(files[0]).Ids);
        Assert.Equal(_labels.Ids, LabelMapPng.Load(files[1]).Ids);
        Assert.Equal(_labels.Ids, LabelMapPng.LoadColored(files[1], ColorMap.Voc).Ids);
        Assert.Equal([10, 20, 30, 78, 70, 77], RgbImage.Load(files[2]).Pixels);
    }

    [Theory]
    [InlineData(PredictionOutput.Grey, "grey")]
    [InlineData(PredictionOutput.Color, "color")]
    [InlineData(PredictionOutput.Overlay, "overlay")]
    public void Write_OneKind_WritesThatAlone(PredictionOutput outputs, string kind)
    {
        var files = new PredictionWriter(Out("new/folder"), outputs).Write("a", _photo, _labels);

        Assert.Equal([Out($"new/folder/{kind}/a.png")], files);
        Assert.Equal(files, Directory.GetFiles(_folder.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Write_IdWithFolders_KeepsThem() =>
        Assert.Equal([Out("grey/b/ä 1.png")], new PredictionWriter(_folder.Root, PredictionOutput.Grey).Write("b/ä 1", _photo, _labels));

    [Theory]
    [InlineData("../a")]
    [InlineData("../grey2/a")]
    [InlineData("b/../../a")]
    [InlineData("/tmp/a")]
    public void Write_IdOutOfTheFolder_IsRefused(string id)
    {
        var error = Assert.Throws<ArgumentException>(() => new PredictionWriter(Out("o")).Write(id, _photo, _labels));

        Assert.Contains($"'{id}'", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "A")]
    [InlineData("a", "b/../a")]
    public void Write_SameIdTwice_IsRefusedAndKeepsTheFirst(string first, string second)
    {
        var writer = new PredictionWriter(_folder.Root, PredictionOutput.Grey);
        var files = writer.Write(first, _photo, _labels);

        Assert.Contains($"'{second}'", Assert.Throws<ArgumentException>(() => writer.Write(second, _photo, new LabelMap(1, 2))).Message);

        Assert.Equal(_labels.Ids, LabelMapPng.Load(files[0]).Ids);
    }

    [Fact]
    public void Write_AnotherRunsFile_IsReplaced()
    {
        new PredictionWriter(_folder.Root, PredictionOutput.Grey).Write("a", _photo, new LabelMap(1, 2));

        var files = new PredictionWriter(_folder.Root, PredictionOutput.Grey).Write("a", _photo, _labels);

        Assert.Equal(_labels.Ids, LabelMapPng.Load(files[0]).Ids);
    }

    [Fact]
    public void Write_IdsWithoutColors_FailBeforeAnyFile()
    {
        var writer = new PredictionWriter(Out("o"), colors: new ColorMap([(0, 0, 0)]));

        Assert.Throws<ArgumentException>(() => writer.Write("a", _photo, _labels));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
        Assert.Equal(3, writer.Write("a", _photo, new LabelMap(1, 2)).Count);
    }

    [Theory]
    [InlineData(PredictionOutput.None, 0.5)]
    [InlineData((PredictionOutput)8, 0.5)]
    [InlineData(PredictionOutput.All, 1.5)]
    [InlineData(PredictionOutput.All, double.NaN)]
    public void Constructor_OutOfRange_Throws(PredictionOutput outputs, double opacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PredictionWriter(_folder.Root, outputs, opacity: opacity));

    private string Out(string relative) => Path.Combine(_folder.Root, relative);
}
