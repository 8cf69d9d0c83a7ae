using System.Text.RegularExpressions;
using Xunit;

namespace SamSegmentation.Cli.Tests.Scripts;

/// <summary><c>run</c> and <c>run.ps1</c> are two programs; what they offer is one thing.</summary>
public sealed class RunScriptsTests
{
    private static readonly string s_bash = File.ReadAllText(RepositoryFiles.PathOf("run"));
    private static readonly string s_powershell = File.ReadAllText(RepositoryFiles.PathOf("run.ps1")).ReplaceLineEndings("\n");

    [Fact]
    public void Help_OfBoth_ListsTheSameCommandsWithTheSameWords()
    {
        // From the first command to the empty line after the last.
        var (bash, powershell) = (Commands(s_bash, "usage: ./run COMMAND\n\n"), Commands(s_powershell, "usage: ./run.ps1 COMMAND\n\n"));

        Assert.Contains("  test [WORD] ", bash, StringComparison.Ordinal);
        Assert.Equal(bash, powershell);
    }

    [Fact]
    public void Commands_OfBoth_AreThoseThatTheHelpLists()
    {
        string[] listed = [.. Regex.Matches(Commands(s_bash, "usage: ./run COMMAND\n\n"), "^  ([a-z][a-z-]*)", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Order()];

        // After the line that chooses, up to the end.
        Assert.Equal(listed, Cases(s_bash[s_bash.IndexOf("case \"$command\" in\n", StringComparison.Ordinal)..], @"^  ([a-z][a-z-]*)\)"));
        Assert.Equal(listed, Cases(s_powershell[s_powershell.IndexOf("switch ($command) {\n", StringComparison.Ordinal)..], "^        '([a-z][a-z-]*)' \\{"));
        Assert.Equal(13, listed.Length);
    }

    // A command that one of them would run otherwise is found by the projects and files that it names.
    [Theory]
    [InlineData("samples/Demo/SamSegmentation.Demo.csproj")]
    [InlineData("src/SamSegmentation.Cli/SamSegmentation.Cli.csproj")]
    [InlineData("bench/SamSegmentation.Bench/SamSegmentation.Bench.csproj")]
    [InlineData("samples/WebDemo/SamSegmentation.WebDemo.csproj")]
    [InlineData("nuget/consumer/Consumer.csproj")]
    [InlineData("SamSegmentation.ML.sln")]
    public void Both_NameTheSameProjects(string project)
    {
        Assert.Contains(project, s_bash, StringComparison.Ordinal);
        Assert.Contains(project, s_powershell, StringComparison.Ordinal);
        Assert.True(File.Exists(RepositoryFiles.PathOf(project)), project);
    }

    private static string Commands(string script, string heading)
    {
        var start = script.IndexOf(heading, StringComparison.Ordinal);
        Assert.True(start >= 0, heading);
        start += heading.Length;
        return script[start..script.IndexOf("\n\n", start, StringComparison.Ordinal)];
    }

    private static string[] Cases(string script, string pattern) =>
        [.. Regex.Matches(script, pattern, RegexOptions.Multiline).Select(match => match.Groups[1].Value).Except(["help"]).Order()];
}
