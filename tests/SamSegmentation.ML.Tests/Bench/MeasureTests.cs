using System.Text.Json;
using SamSegmentation.Bench;
using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Reporting;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Modeling;
using Xunit;

namespace SamSegmentation.ML.Tests.Bench;

/// <summary>That everything still can be measured. Speed itself is not tested: no test depends on the clock.</summary>
[Collection(LiveTensors.Alone)]
public sealed class MeasureTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. AllMeasures.Find(null).Select(measure => measure.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_SmallestEffort_GivesFiguresAndLeavesNoTensorAlive(string name)
    {
        var before = LiveTensors.Count();

        var figures = AllMeasures.Find(name).Single(measure => measure.Name == name).Run(Effort.Smallest);

        LiveTensors.AssertAsMany(before);
        Assert.NotEmpty(figures);
        Assert.All(figures, figure => Assert.True(double.IsFinite(figure.Value) && figure.Value > 0, figure.ToString()));
        Assert.Contains(figures, figure => figure.Ratio is { } ratio && double.IsFinite(ratio) && figure.To is not null);
    }

    [Fact]
    public void Find_Word_ChoosesByNameWithoutCase()
    {
        Assert.Equal(["encoder"], AllMeasures.Find("ENCODER").Select(measure => measure.Name));
        Assert.Empty(AllMeasures.Find("nothing of this name"));
        Assert.Equal(2, BenchCommandLine.Create(new StringWriter()).Parse(["nothing of this name"]).Invoke());
    }

    [Fact]
    public void RenderAndWrite_Figures_ShowRatiosGoalsAndFailures()
    {
        MeasureResult[] results =
        [
            new("fast", [new Figure("a figure", 12.345, "ms") { Goal = Goal.RatioAtMost(2) }.Over(new Timing(3, 4), new Timing(2, 1), "a reference"), new Figure("a rate", 1234.5, "images/s") { Goal = Goal.ValueAtLeast(2000) }], 1),
            new("lost", [], 1, "it ended"),
        ];
        var file = Path.Combine(_folder.Root, "deep", "bench.json");

        BenchReport.Write(file, Effort.Quick, results);

        Assert.Equal(
            """
            figure              value  ratio  (least to most)  (processor)  to           goal
            a figure          12.3 ms    1.5                           (4)  a reference  ≤ 2
            a rate        1234 images/s                                                  ≥ 2000 images/s, MISSED
            lost: FAILED                                                                 it ended
            """.ReplaceLineEndings().Split(Environment.NewLine).Select(Squeeze),
            FigureTable.Render(results).TrimEnd().Split(Environment.NewLine).Select(Squeeze));
        using var report = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal("Quick", report.RootElement.GetProperty("effort").GetString());
        var first = report.RootElement.GetProperty("measures")[0].GetProperty("figures")[0];
        Assert.Equal((12.345, 1.5, 4.0), (first.GetProperty("value").GetDouble(), first.GetProperty("ratio").GetDouble(), first.GetProperty("processorRatio").GetDouble()));
        Assert.Equal("it ended", report.RootElement.GetProperty("measures")[1].GetProperty("error").GetString());

        static string Squeeze(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Over_SeveralRounds_ComparesThemOneByOne()
    {
        // A machine that is half as fast in the second round, and once held up the work alone.
        var work = Timing.Of([new Timing(3, 3), new Timing(6, 6), new Timing(9, 3)]);
        var reference = Timing.Of([new Timing(2, 2), new Timing(4, 4), new Timing(2, 2)]);

        var figure = new Figure("a figure", work.Wall, "s") { Goal = Goal.RatioAtMost(1.5) }.Over(work, reference, "a reference");

        Assert.Equal((6, 1.5, 1.5, 4.5, 1.5), (figure.Value, figure.Ratio!.Value, figure.Least!.Value, figure.Most!.Value, figure.ProcessorRatio!.Value));
        Assert.True(figure.Reached);
        Assert.False((figure with { Goal = Goal.RatioAtMost(1.4) }).Reached);
        Assert.False((figure with { Goal = Goal.ValueAtLeast(7) }).Reached);
        Assert.Null((figure with { Goal = null }).Reached);
    }

    [Fact]
    public void Encoder_VitB_TakesTheOperationsThatThePaperSizesGive() =>
        Assert.InRange(NetworkOperations.Encoder(SamConfig.VitB) / 1e9, 971.5, 973.5);
}
