using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData("unknown command 'inspekt' (did you mean 'inspect'?)", "inspekt")]
    [InlineData("unknown option '--jsn' (did you mean '--json'?)", "inspect", "file.pth", "--jsn")]
    [InlineData("unknown option '--jsn' (did you mean '--json'?)", "inspect", "--jsn")]
    [InlineData("unknown argument 'second.pth'", "inspect", "first.pth", "second.pth")]
    [InlineData("Required argument missing for command: 'inspect'.", "inspect")]
    [InlineData("Required command was not provided.")]
    public async Task RunAsync_BadUsage_SaysWhatAndEndsWith2(string expected, params string[] args)
    {
        var run = await SamSeg.RunAsync(args);

        Assert.Equal(2, run.Code);
        Assert.Contains($"samseg: {expected}", run.Error.Split(Environment.NewLine));
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("inspect", "--help")]
    [InlineData("--version")]
    public async Task RunAsync_AskedForHelp_WritesItAndEndsWith0(params string[] args)
    {
        var run = await SamSeg.RunAsync(args);

        Assert.Equal(0, run.Code);
        Assert.NotEqual("", run.Output.Trim());
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task RunAsync_MissingFile_IsOneLineWithoutStackTraceAndEndsWith1()
    {
        var run = await SamSeg.RunAsync("inspect", "no-such-file.pth");

        Assert.Equal(1, run.Code);
        Assert.Contains("no-such-file.pth", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_MissingFileAndVerbose_ShowsTheStackTrace()
    {
        var run = await SamSeg.RunAsync("inspect", "no-such-file.pth", "--verbose");

        Assert.Equal(1, run.Code);
        Assert.Contains("   at ", run.Error, StringComparison.Ordinal);
    }
}
