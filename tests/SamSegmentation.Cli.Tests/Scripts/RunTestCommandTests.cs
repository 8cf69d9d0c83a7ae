using System.Diagnostics;
using Xunit;

namespace SamSegmentation.Cli.Tests.Scripts;

/// <summary><c>./run test</c> in a checkout of the script alone, with a <c>dotnet</c> that only says what it would do.</summary>
public sealed class RunTestCommandTests : IDisposable
{
    // Of a test program it writes the result file that stands in results/, and ends as ends/ says.
    private const string Dotnet = """
        #!/bin/sh
        echo "$*" >>calls
        case "$1" in
          --version) echo 10.0.100 ;;
          build) ;;
          *)
            name=$(basename "$1" .dll)
            [ ! -f "results/$name" ] || cp "results/$name" "artifacts/test-results/$name.xml"
            [ ! -f "ends/$name" ] || exit "$(cat "ends/$name")" ;;
        esac
        """;

    private readonly TemporaryFolder _folder = new();

    public RunTestCommandTests()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("run is for Linux.");
        File.Copy(RepositoryFiles.PathOf("run"), _folder.PathOf("run"));
        Program("dotnet", Dotnet);
        // What the web samples' tests need is there.
        Program("chromium", "#!/bin/sh\n");
        foreach (var file in new[] { "samples/WebOnnx/node_modules/.package-lock.json", "samples/WebOnnx/package-lock.json", "artifacts/web-onnx.lock", "stacks/nuget.props", "tests/B.Tests/B", "tests/A.Tests/A" })
            _folder.Write(file, "");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Test_AWord_RunsEachProjectsTestsOfThatNameAndAddsThemUp()
    {
        Result("A.Tests", passed: 3, failed: 0, skipped: 1);
        Result("B.Tests", passed: 40, failed: 0, skipped: 0);

        var (code, lines) = await Run("test", "Golden");

        Assert.Equal((0, "43 passed, 0 failed, 1 skipped"), (code, lines[^1]));
        string[] calls = [.. File.ReadLines(_folder.PathOf("calls")).Where(call => call.Contains(".Tests.dll", StringComparison.Ordinal))];
        Assert.Equal(2, calls.Length);
        Assert.All(calls.Zip(["A.Tests", "B.Tests"]), pair =>
        {
            Assert.Contains($"/artifacts/nuget/bin/{pair.Second}/release/{pair.Second}.dll ", pair.First, StringComparison.Ordinal);
            Assert.EndsWith(" -method *Golden*", pair.First, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Test_NoWord_RunsAll()
    {
        Result("A.Tests", passed: 3, failed: 0, skipped: 0);
        Result("B.Tests", passed: 1, failed: 0, skipped: 0);

        var (code, lines) = await Run("test");

        Assert.Equal((0, "4 passed, 0 failed, 0 skipped"), (code, lines[^1]));
        Assert.DoesNotContain("-method", await File.ReadAllTextAsync(_folder.PathOf("calls"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1, "4 passed, 2 failed, 0 skipped")]
    // The result file says that all is well, the process that it is not.
    [InlineData(0, 134, "4 passed, 1 failed, 0 skipped")]
    public async Task Test_FailuresOrACrash_Fails(int failed, int status, string expected)
    {
        Result("A.Tests", passed: 3, failed, skipped: 0, status);
        Result("B.Tests", passed: 1, failed: 0, skipped: 0);

        var (code, lines) = await Run("test");

        Assert.Equal((1, expected), (code, lines[^1]));
    }

    [Fact]
    public async Task Test_NoResultFile_CountsAsAFailureEvenWhenAnOlderOneIsThere()
    {
        Result("A.Tests", passed: 3, failed: 0, skipped: 0);
        _folder.Write("artifacts/test-results/B.Tests.xml", "<assembly passed=\"9\" />");

        var (code, lines) = await Run("test");

        Assert.Equal((1, "3 passed, 1 failed, 0 skipped"), (code, lines[^1]));
    }

    [Fact]
    public async Task Test_AWordThatNoNameHolds_SaysSoAndFails()
    {
        Result("A.Tests", passed: 0, failed: 0, skipped: 0);
        Result("B.Tests", passed: 0, failed: 0, skipped: 0);

        var (code, lines) = await Run("test", "Nothing");

        Assert.Equal((1, "0 passed, 0 failed, 0 skipped"), (code, lines[^1]));
        Assert.Contains("run: no test's name holds 'Nothing'", lines);
    }

    [Fact]
    public async Task Test_TwoWords_RunsNothing()
    {
        var (code, lines) = await Run("test", "one", "two");

        Assert.Equal((1, "run: ./run test takes one word, found 2: one two"), (code, lines[^1]));
        Assert.DoesNotContain("build", await File.ReadAllTextAsync(_folder.PathOf("calls"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_AndAnUnknownCommand_ListTheCommands()
    {
        var (code, lines) = await Run("help");
        Assert.Equal((0, "usage: ./run COMMAND"), (code, lines[0]));

        (code, lines) = await Run("tset");
        Assert.Equal((1, "usage: ./run COMMAND", "run: unknown command 'tset'"), (code, lines[0], lines[^1]));
    }

    private void Result(string name, int passed, int failed, int skipped, int status = 0)
    {
        _folder.Write($"results/{name}", $"<assemblies>\n<assembly name=\"{name}\" total=\"9\" passed=\"{passed}\" failed=\"{failed}\" skipped=\"{skipped}\" errors=\"0\">\n<test passed=\"7\" />\n</assembly></assemblies>\n");
        if (status != 0)
            _folder.Write($"ends/{name}", $"{status}");
    }

    private void Program(string name, string text)
    {
        var path = _folder.Write($"programs/{name}", text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<(int Code, string[] Lines)> Run(params string[] arguments)
    {
        // One stream, so that the order of lines is seen.
        var start = new ProcessStartInfo("sh", ["-c", "exec bash ./run \"$@\" 2>&1", "sh", .. arguments]) { WorkingDirectory = _folder.Root, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{_folder.PathOf("programs")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["STACK"] = "nuget";
        start.Environment.Remove("CONFIGURATION");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output.TrimEnd().Split('\n'));
    }
}
