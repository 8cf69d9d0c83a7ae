using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class InspectDatasetCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _classes;

    public InspectDatasetCommandTests() => _classes = _folder.Write("classes.txt", TinyScenes.ClassNames);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_TwoMasks_CountsSizesClassesAndVoid()
    {
        Pair("a", 2, 4, [0, 0, 0, 1, 1, 255, 0, 0]);
        Pair("b", 2, 4, [0, 0, 0, 0, 0, 0, 0, 2]);
        Pair("c", 1, 2, [0, 1]);

        var run = await Inspect();

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(
            """
            training    3 image(s) can be used, 0 cannot
            sizes       4×2 (2), 2×1 (1)

            id  class   images   pixels
             0  ground       3  72.22 %
             1  red          2  16.67 %
             2  blue         1   5.56 %
                void             5.56 %

            """,
            run.Output);
    }

    [Fact]
    public async Task Inspect_BadSamples_ListsThemAllAndEndsWith1()
    {
        Pair("a", 1, 2, [0, 1]);
        Pair("b", 1, 2, [0, 7]);
        File.Delete(_folder.PathOf("masks/a.png"));
        Pair("c", 1, 2, [0, 0]);

        var run = await Inspect();

        Assert.Equal(1, run.Code);
        Assert.Contains("cannot be used: a: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("has id 7; expected 0 to 2", run.Error, StringComparison.Ordinal);
        Assert.Contains("training    1 image(s) can be used, 2 cannot", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_Voc_ShowsBothLists()
    {
        var run = await SamSeg.RunAsync("inspect", "dataset", "--data", TinyScenes.Voc(_folder), "--classes", _classes);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("training    4 image(s) can be used", run.Output, StringComparison.Ordinal);
        Assert.Contains("validation  2 image(s) can be used", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_NoDataset_IsBadUsageOfThatCommand()
    {
        var run = await SamSeg.RunAsync("inspect", "dataset");

        Assert.Equal(2, run.Code);
        Assert.Contains("no dataset: expected --data DIR", run.Error, StringComparison.Ordinal);
        Assert.Contains("See: samseg inspect dataset --help", run.Error, StringComparison.Ordinal);
    }

    private Task<SamSeg> Inspect() => SamSeg.RunAsync(
        "inspect", "dataset", "--images", _folder.PathOf("images"), "--masks", _folder.PathOf("masks"), "--classes", _classes);

    private void Pair(string name, int height, int width, ushort[] ids)
    {
        new ML.Imaging.RgbImage(height, width, new byte[3 * height * width]).SavePng(_folder.PathOf($"images/{name}.png"));
        ML.Imaging.LabelMapPng.SaveGray(new ML.Imaging.LabelMap(height, width, ids), _folder.PathOf($"masks/{name}.png"));
    }
}
