using System.Text.Json;
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
            width       2 to 4, height 1 to 2

            id  class   images  pixels    share
             0  ground       3      13  72.22 %
             1  red          2       3  16.67 %
             2  blue         1       1   5.56 %
                void                 1   5.56 %

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
    public async Task Inspect_Json_HoldsCountsSharesRangesAndProblems()
    {
        Pair("a", 2, 4, [0, 0, 0, 1, 1, 255, 0, 0]);
        Pair("b", 1, 2, [0, 7]);
        Pair("c", 1, 2, [0, 1]);

        var run = await SamSeg.RunAsync(
            "inspect", "dataset", "--images", _folder.PathOf("images"), "--masks", _folder.PathOf("masks"), "--classes", _classes, "--json");

        Assert.Equal(1, run.Code);
        using var json = JsonDocument.Parse(run.Output); // progress and warnings are on the other output
        var set = Assert.Single(json.RootElement.EnumerateObject()).Value;
        Assert.Equal("training", json.RootElement.EnumerateObject().Single().Name);
        Assert.Equal((2, 1, 10), (set.GetProperty("usable").GetInt32(), set.GetProperty("unusable").GetInt32(), set.GetProperty("pixels").GetInt32()));
        Assert.Equal("""{"min":2,"max":4}""", JsonSerializer.Serialize(set.GetProperty("width")));
        Assert.Equal("""{"min":1,"max":2}""", JsonSerializer.Serialize(set.GetProperty("height")));
        Assert.Equal("""[{"width":2,"height":1,"images":1},{"width":4,"height":2,"images":1}]""", JsonSerializer.Serialize(set.GetProperty("sizes")));
        Assert.Equal("""{"pixels":1,"share":0.1}""", JsonSerializer.Serialize(set.GetProperty("void")));
        Assert.Equal(
            """[{"id":0,"name":"ground","images":2,"pixels":6,"share":0.6},{"id":1,"name":"red","images":2,"pixels":3,"share":0.3},{"id":2,"name":"blue","images":0,"pixels":0,"share":0}]""",
            JsonSerializer.Serialize(set.GetProperty("classes")));
        var problem = Assert.Single(set.GetProperty("problems").EnumerateArray());
        Assert.Equal(("b", _folder.PathOf("masks/b.png")), (problem.GetProperty("id").GetString(), problem.GetProperty("path").GetString()));
        Assert.Contains("cannot be used: b: ", run.Error, StringComparison.Ordinal);
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
