using System.Text.Json;
using System.Xml.Linq;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Reports;
using SamSegmentation.ML.Tests.Training;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Reports;

/// <summary>The page that a run leaves says what its log says.</summary>
public sealed class RunReportTests : IDisposable
{
    private static readonly string[] s_names = ["<b>ground</b>", "a \"quoted\" & 'odd' class", "</script><script>alert(1)</script>"];

    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = TinyNetwork.Create();

    private string Run => Path.Combine(_folder.Root, "a <run> & more");

    private TrainingOptions Options => TinyRun.Options with { RunFolder = Run, LogEvery = 1, Epochs = 2, ReportImages = 1, SaveModel = false };

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Train_Report_HasTheLogsValues()
    {
        Train(Options);

        var page = ReportPage.Load(Path.Combine(Run, RunReport.FileName));
        var lines = Lines();
        var best = lines.Last(line => Event(line) == "epoch" && line.GetProperty("isBest").GetBoolean());
        var validation = best.GetProperty("validation");
        Assert.Equal(
            s_names.Select((name, id) => (id, name, Value(validation, "perClassIoU", name), Value(validation, "perClassAccuracy", name), (long)Value(validation, "perClassPixels", name)!)),
            page.Classes);
        Assert.Equal(
            from truth in Enumerable.Range(0, 3)
            from prediction in Enumerable.Range(0, 3)
            select $"{s_names[truth]} taken for {s_names[prediction]}: {best.GetProperty("confusionMatrix")[truth][prediction].GetInt64():N0} pixels",
            page.ConfusionTitles.Select(title => title[..title.LastIndexOf(',')]));
        Assert.Equal(Images(best, "worstImages"), page.Images("worst"));
        Assert.Equal(Images(best, "bestImages"), page.Images("best"));
        Assert.Equal(4, page.Curves("Loss")["training, single steps"]);
        Assert.Equal(2, page.Curves("Loss")["validation"]);
        Assert.Equal(2, page.Curves("mIoU")["training"]);
        Assert.Equal(4, page.Curves("Learning rate")["all parts"]);
        Assert.Equal(("2", "true", "none"), (page.Facts("options")["epochs"], page.Facts("options")["keepBest"], page.Facts("options")["emaDecay"]));
        Assert.Equal("3", page.Facts("run")["validation images"]);
        Assert.Equal("MaskDecoder", page.Facts("run")["head.name"]);
        Assert.Contains("finished.", page.Root.Descendants("header").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Report_NeedsNothingElseAndEncodesEveryName()
    {
        Train(Options);

        var page = ReportPage.Load(Path.Combine(Run, RunReport.FileName));
        Assert.DoesNotContain("alert(1)</script>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>ground", page.Html, StringComparison.Ordinal);
        Assert.Equal("a <run> & more", page.Root.Descendants("h1").Single().Value);
        // Nothing is loaded: every address is within the page or data.
        Assert.All(page.Root.DescendantsAndSelf().Attributes().Where(one => one.Name.LocalName is "src" or "href"), one => Assert.StartsWith("data:", one.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Pictures_AreThePhotographLabelAndPrediction()
    {
        Train(Options);

        var page = ReportPage.Load(Path.Combine(Run, RunReport.FileName));
        Assert.Equal(6, page.Pictures.Count); // three of the worst, three of the best
        var scene = TinyRun.ValidationSet.Single(sample => sample.Id == page.Images("worst").Single().Id);
        Assert.Equal(scene.Image.Pixels, RgbImage.Decode(page.Pictures[0]).Pixels);
        Assert.Equal(ColorMap.Voc.Colorize(scene.Label).Pixels, RgbImage.Decode(page.Pictures[1]).Pixels);
        Assert.NotEqual(page.Pictures[1], page.Pictures[2]);
    }

    [Fact]
    public void Train_NoReportImages_KeepsNone()
    {
        Train(Options with { ReportImages = 0, CacheFolder = _folder.PathOf("cache/") });

        Assert.False(File.Exists(Path.Combine(Run, "images.json")));
        Assert.False(ReportPage.Load(Path.Combine(Run, RunReport.FileName)).HasSection("images"));
        Assert.Equal(JsonValueKind.Null, Lines().First(line => Event(line) == "epoch").GetProperty("worstImages").ValueKind);
        // Inputs and labels of 8 + 3 images, and no photographs.
        Assert.Equal(22, Directory.GetFiles(_folder.PathOf("cache"), "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Train_KeepBestOff_ShowsTheLastEpoch()
    {
        // A rate that undoes the first epoch's work.
        Train(Options with { KeepBest = false, Optimizer = OptimizerKind.Sgd, LearningRate = 50 });

        var last = Lines().Last(line => Event(line) == "epoch");
        var page = ReportPage.Load(Path.Combine(Run, RunReport.FileName));
        Assert.StartsWith("Validation images, epoch 2", page.Section("images").Element("h2")!.Value, StringComparison.Ordinal);
        Assert.Equal(Images(last, "worstImages"), page.Images("worst"));
        Assert.Equal(Value(last.GetProperty("validation"), "perClassIoU", s_names[0]), page.Classes[0].IoU);
    }

    [Fact]
    public void Train_Failure_LeavesAReportOfIt()
    {
        var options = Options with { Optimizer = OptimizerKind.Sgd, LearningRate = 1e30, Schedule = new ML.Training.Schedules.ConstantSchedule { InitialSteps = 2, InitialFactor = 1e-33 } };

        Assert.Throws<TrainingDivergedException>(() => Train(options));

        var page = ReportPage.Load(Path.Combine(Run, RunReport.FileName));
        Assert.Contains("ended by an error.", page.Root.Descendants("header").Single().Value, StringComparison.Ordinal);
        Assert.Contains("TrainingDivergedException", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_RunThatGoesOn_IsMadeOfTheWholeLines()
    {
        Train(Options);
        var log = Path.Combine(Run, "log.jsonl");
        var lines = File.ReadAllLines(log);
        // As it is when the second epoch's line is half written.
        var epoch = Array.FindLastIndex(lines, line => line.Contains("\"event\":\"epoch\"", StringComparison.Ordinal));
        File.WriteAllText(log, string.Join('\n', lines[..epoch]) + "\n" + lines[epoch][..(lines[epoch].Length / 2)]);

        var path = RunReport.Write(Run, _folder.PathOf("elsewhere/page.html"));

        var page = ReportPage.Load(path);
        Assert.Equal(_folder.PathOf("elsewhere/page.html"), path);
        Assert.Contains("it goes on, or was ended from outside.", page.Root.Descendants("header").Single().Value, StringComparison.Ordinal);
        Assert.Equal(1, page.Curves("mIoU")["validation"]);
    }

    [Fact]
    public void Write_BeforeTheFirstEpoch_ShowsWhatThereIs()
    {
        Train(Options);
        var log = Path.Combine(Run, "log.jsonl");
        File.WriteAllText(log, File.ReadAllLines(log)[0] + "\n");
        File.Delete(Path.Combine(Run, "images.json"));

        var page = ReportPage.Load(RunReport.Write(Run));

        Assert.False(page.HasSection("classes"));
        Assert.Contains("Nothing was measured yet.", page.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"event\":\"step\",\"step\":1}\n{}\n", "line 1")]
    [InlineData("{\"some\":1}\n{}\n", "line 1")]
    [InlineData("no json\n{}\n", "line 1")]
    [InlineData("{\"event\":\"start\"}\n{}\n", "line 1")]
    [InlineData("{\"event\":\"end\",\"cancelled\":false}\n", "no line with the event 'start'")]
    public void Write_OtherFile_SaysWhatIsWrong(string content, string expected)
    {
        File.WriteAllText(_folder.PathOf("log.jsonl"), content);

        var error = Assert.Throws<InvalidDataException>(() => RunReport.Write(_folder.Root));

        Assert.Contains(_folder.PathOf("log.jsonl"), error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf(RunReport.FileName)));
    }

    [Fact]
    public void Write_FolderWithoutARun_NamesTheLogThatIsMissing() =>
        Assert.Contains("log.jsonl", Assert.Throws<FileNotFoundException>(() => RunReport.Write(_folder.Root)).Message, StringComparison.Ordinal);

    private void Train(TrainingOptions options) =>
        new SegmentationTrainer(_model, s_names, options).Train(TinyRun.TrainingSet, TinyRun.ValidationSet);

    private JsonElement[] Lines() => [.. File.ReadLines(Path.Combine(Run, "log.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string Event(JsonElement line) => line.GetProperty("event").GetString()!;

    private static double? Value(JsonElement validation, string key, string name) =>
        validation.GetProperty(key).GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    private static IEnumerable<(string, double)> Images(JsonElement line, string key) =>
        line.GetProperty(key).EnumerateArray().Select(image => (image.GetProperty("id").GetString()!, image.GetProperty("meanIoU").GetDouble()));
}
