using System.Security.Cryptography;
using SamSegmentation.Cli.Commands;
using SamSegmentation.Cli.Tests.Commands;
using Xunit;

namespace SamSegmentation.Cli.Tests.Downloads;

public sealed class DownloadCommandTests : IDisposable
{
    private const int Half = 150_000;

    private static readonly byte[] s_file = MakeFile();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Download_Whole_GetsItsNameAndIsNotFetchedAgain()
    {
        using var server = new TestServer(Reply.Whole(s_file));
        var run = await Download(server);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal($"{Target}  downloaded, SHA-256 verified{Environment.NewLine}", run.Output);
        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(Output));

        run = await Download(server);
        Assert.Equal((0, $"{Target}  was there already, SHA-256 verified{Environment.NewLine}"), (run.Code, run.Output));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Download_CutTwice_AsksForTheRestOfTheSameVersion()
    {
        using var server = new TestServer(Reply.Whole(s_file, cutAfter: Half), Reply.Rest(s_file, Half, cutAfter: 1000), Reply.Rest(s_file, Half + 1000));
        var run = await Download(server);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.DoesNotContain(server.Requests[0], line => line.StartsWith("Range", StringComparison.OrdinalIgnoreCase));
        Assert.Contains($"Range: bytes={Half}-", server.Requests[1]);
        Assert.Contains("If-Range: \"v1\"", server.Requests[1]);
        Assert.Contains($"Range: bytes={Half + 1000}-", server.Requests[2]);
    }

    [Fact]
    public async Task Download_BrokenOff_GoesOnInTheNextRun()
    {
        using var server = new TestServer(Reply.Whole(s_file, cutAfter: Half), Reply.Rest(s_file, Half, cutAfter: 0), Reply.Rest(s_file, Half));
        var run = await Download(server);
        Assert.Equal(1, run.Code);
        Assert.Contains($"broke off after {Half} of {s_file.Length} bytes", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
        Assert.Equal(0, (await Download(server)).Code);
        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.Contains($"Range: bytes={Half}-", server.Requests[2]);
    }

    [Fact]
    public async Task Download_ServerThatIgnoresRanges_BeginsAnew()
    {
        using var server = new TestServer(Reply.Whole(s_file, cutAfter: Half), Reply.Whole(s_file, etag: "\"v2\""));
        Assert.Equal(0, (await Download(server)).Code);
        Assert.Equal(s_file, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Download_RangeRefused_BeginsAnew()
    {
        using var server = new TestServer(Reply.Whole(s_file, cutAfter: Half), new Reply("416 Range Not Satisfiable", [], "Content-Length: 0"), Reply.Whole(s_file));
        Assert.Equal(0, (await Download(server)).Code);
        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.DoesNotContain(server.Requests[2], line => line.StartsWith("Range", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Download_WeakTagAlone_DoesNotPromiseTheSameBytes()
    {
        using var server = new TestServer(Reply.Whole(s_file, cutAfter: Half, etag: "W/\"v1\""), Reply.Whole(s_file));
        Assert.Equal(0, (await Download(server)).Code);
        Assert.DoesNotContain(server.Requests[1], line => line.StartsWith("Range", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Download_CorruptBytes_AreThrownAway()
    {
        byte[] corrupt = [.. s_file];
        corrupt[Half] ^= 1;
        using var server = new TestServer(Reply.Whole(corrupt));
        var run = await Download(server);
        Assert.Equal(1, run.Code);
        Assert.Contains($"its SHA-256 is {Sha256(corrupt)}, expected {Sha256(s_file)}. It was thrown away.", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Output));
    }

    [Fact]
    public async Task Download_AnotherLengthAnnounced_TakesNothing()
    {
        using var server = new TestServer(Reply.Whole([.. s_file, 0]));
        var run = await Download(server);
        Assert.Equal(1, run.Code);
        Assert.Contains($"has {s_file.Length + 1} bytes; expected {s_file.Length}.", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Output));
    }

    [Fact]
    public async Task Download_MoreThanExpectedWithoutALength_StopsThere()
    {
        using var server = new TestServer(new Reply("200 OK", [.. s_file, .. s_file]));
        var run = await Download(server);
        Assert.Equal(1, run.Code);
        Assert.Contains($"sent more than the {s_file.Length} bytes", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Output));
    }

    [Fact]
    public async Task Download_RestFromAnotherPlace_IsNotAppended()
    {
        using var server = new TestServer(Reply.Whole(s_file, cutAfter: Half), Reply.Rest(s_file, Half + 1));
        var run = await Download(server);
        Assert.Equal(1, run.Code);
        Assert.Contains($"asked for the bytes from {Half} and sent those from {Half + 1}", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Download_NotThere_SaysWhatToFetchByHandAndWhereToPutIt()
    {
        using var server = new TestServer(new Reply("404 Not Found", [], "Content-Length: 0"));
        var run = await Download(server);
        Assert.Equal(1, run.Code);
        Assert.Contains($"{server.Address}/sam.pth answered 404 Not Found.", run.Error, StringComparison.Ordinal);
        Assert.Contains($"fetch {server.Address}/sam.pth elsewhere (SHA-256 {Sha256(s_file)}), put it there as {Target}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_NoNetwork_SaysWhatToFetchByHandAndWhereToPutIt()
    {
        var server = new TestServer();
        server.Dispose();
        var run = await Download(server);
        Assert.Equal(1, run.Code);
        Assert.Contains($"{server.Address}/sam.pth cannot be reached", run.Error, StringComparison.Ordinal);
        Assert.Contains($"put it there as {Target}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_Redirected_Follows()
    {
        using var target = new TestServer(Reply.Whole(s_file));
        using var server = new TestServer(new Reply("301 Moved Permanently", [], $"Location: {target.Address}/elsewhere", "Content-Length: 0"));
        Assert.Equal(0, (await Download(server)).Code);
        Assert.Equal("GET /elsewhere HTTP/1.1", target.Requests[0][0]);
    }

    [Fact]
    public async Task Download_RedirectedOnTheSameServer_KeepsTheRange()
    {
        using var server = new TestServer(
            Reply.Whole(s_file, cutAfter: Half),
            new Reply("307 Temporary Redirect", [], "Location: /other?a=1", "Content-Length: 0"),
            Reply.Rest(s_file, Half));
        Assert.Equal(0, (await Download(server)).Code);
        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.Equal("GET /other?a=1 HTTP/1.1", server.Requests[2][0]);
        Assert.Contains($"Range: bytes={Half}-", server.Requests[2]);
    }

    [Fact]
    public async Task Download_RedirectedWithoutEnd_GivesUp()
    {
        using var server = new TestServer([.. Enumerable.Repeat(new Reply("302 Found", [], "Location: /sam.pth", "Content-Length: 0"), 20)]);
        var run = await Download(server);
        Assert.Equal(1, run.Code);
        Assert.Contains("answered 302 Found to /sam.pth, which is not followed.", run.Error, StringComparison.Ordinal);
        Assert.Equal(11, server.Requests.Count);
    }

    [Theory]
    [InlineData("file:///etc/hostname")]
    [InlineData("ftp://127.0.0.1/sam.pth")]
    public async Task Download_RedirectedToAnotherScheme_DoesNotFollow(string location)
    {
        using var server = new TestServer(new Reply("302 Found", [], $"Location: {location}", "Content-Length: 0"));
        var run = await Download(server);
        Assert.Equal(1, run.Code);
        Assert.Contains($"answered 302 Found to {location}, which is not followed.", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Output));
    }

    [Fact]
    public async Task Download_AnotherFileOfThatName_IsLeftAlone()
    {
        _folder.Write("out/sam.pth", "mine");
        using var server = new TestServer();
        var run = await Download(server);
        Assert.Equal(1, run.Code);
        Assert.Contains($"{Target} is there, but is not weights", run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Target));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Download_MuchWithoutATerminal_WantsAWord()
    {
        using var server = new TestServer();
        var run = await Download(server, size: 2_500_000_000);
        Assert.Equal(2, run.Code);
        Assert.Contains($"2.5 GB will be written to {Output}, and there is no terminal to ask: expected --yes", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(true, 1, 1)]
    [InlineData(false, 130, 0)]
    public async Task Download_MuchOnATerminal_AsksFirst(bool answer, int code, int requests)
    {
        using var server = new TestServer(new Reply("404 Not Found", [], "Content-Length: 0"));
        using var error = new StringWriter();
        var asked = "";
        var output = CommandOutput.Plain(TextWriter.Null, error) with { Ask = question => { asked = question; return answer; } };
        Assert.Equal(code, await SamSegCommandLine.RunAsync(Arguments(server, 2_500_000_000), output));
        Assert.Equal($"2.5 GB will be written to {Output}. Go on? [y/N] ", asked);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task Download_UnknownName_ListsTheSources()
    {
        var run = await SamSeg.RunAsync("download", "vit_x");
        Assert.Equal(2, run.Code);
        Assert.Contains("expected one of vit_b, vit_l, vit_h, voc2012, found 'vit_x' (did you mean 'vit_b'?)", run.Error, StringComparison.Ordinal);
    }

    private string Output => Path.GetDirectoryName(Target)!;

    private string Target => _folder.PathOf("out/sam.pth");

    private Task<SamSeg> Download(TestServer server, long? size = null) => SamSeg.RunAsync(Arguments(server, size));

    private string[] Arguments(TestServer server, long? size) =>
    [
        "download", "weights", "--output", Output, "--sources",
        _folder.Write("sources.yaml", $"weights:\n  url: {server.Address}/sam.pth\n  file: sam.pth\n  size: {size ?? s_file.Length}\n  sha256: {Sha256(s_file)}\n"),
    ];

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] MakeFile()
    {
        var bytes = new byte[400_000];
        new Random(5).NextBytes(bytes);
        return bytes;
    }
}
