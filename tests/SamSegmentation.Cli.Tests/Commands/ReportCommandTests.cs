using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class ReportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Report_OfARun_IsWhatTrainingLeft()
    {
        var (voc, run) = (TinyScenes.Voc(_folder), _folder.PathOf("run"));
        var config = _folder.Write("train.yaml", TinyNetwork.Yaml);
        var trained = await SamSeg.RunAsync(
            "train", "--config", config, "--data", voc, "--classes", _folder.Write("classes.txt", TinyScenes.ClassNames),
            "--epochs", "1", "--warmup-steps", "0", "--run-folder", run, "--save-model", "false", "--device", "cpu");
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.Contains("  report.html  ", trained.Output, StringComparison.Ordinal);
        var page = Path.Combine(run, "report.html");
        var left = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        File.Delete(page);

        var again = await SamSeg.RunAsync("report", run);
        var elsewhere = await SamSeg.RunAsync("report", run, "--output", _folder.PathOf("page.html"));

        Assert.Equal((0, page + Environment.NewLine, ""), (again.Code, again.Output, again.Error));
        Assert.Equal(0, elsewhere.Code);
        Assert.Equal(left, await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken));
        Assert.Equal(left, await File.ReadAllTextAsync(_folder.PathOf("page.html"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Report_FolderWithoutARun_SaysWhatIsMissing()
    {
        var run = await SamSeg.RunAsync("report", _folder.Root);

        Assert.Equal(1, run.Code);
        Assert.Contains("expected its log", run.Error, StringComparison.Ordinal);
        Assert.Contains("log.jsonl", run.Error, StringComparison.Ordinal);
    }
}
