using System.Formats.Tar;
using System.Security.Cryptography;
using SamSegmentation.Cli.Tests.Commands;
using Xunit;

namespace SamSegmentation.Cli.Tests.Downloads;

public sealed class DownloadArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Download_Archive_IsUnpackedAndThenIsThere()
    {
        var tar = Tar(new UstarTarEntry(TarEntryType.Directory, "VOCdevkit/"), File("VOCdevkit/VOC2012/a.txt", "first"), File("./VOCdevkit/b.txt", "second"));
        using var server = new TestServer(Reply.Whole(tar));
        var run = await Download(server, tar);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal("first", await System.IO.File.ReadAllTextAsync(Path.Combine(Output, "VOCdevkit/VOC2012/a.txt"), CancellationToken.None));
        Assert.Equal("second", await System.IO.File.ReadAllTextAsync(Path.Combine(Output, "VOCdevkit/b.txt"), CancellationToken.None));

        run = await Download(server, tar);
        Assert.Equal((0, $"{Path.Combine(Output, "VOCdevkit")} is there already; nothing was done{Environment.NewLine}"), (run.Code, run.Output));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("VOCdevkit/../../evil.txt")]
    [InlineData("../evil.txt")]
    [InlineData("/tmp/evil.txt")]
    [InlineData("other/evil.txt")]
    [InlineData("VOCdevkit/..\\..\\evil.txt")]
    [InlineData("VOCdevkit//evil.txt")]
    public async Task Download_PathOutsideOfTheFolder_UnpacksNothing(string name)
    {
        var run = await Refused(File("VOCdevkit/good.txt", "good"), File(name, "evil"));
        Assert.Contains($"'{name}' does not lie in the folder 'VOCdevkit'.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public async Task Download_Link_UnpacksNothing(TarEntryType type)
    {
        var run = await Refused(new PaxTarEntry(type, "VOCdevkit/link") { LinkName = "/etc" }, File("VOCdevkit/link/evil.txt", "evil"));
        Assert.Contains($"'VOCdevkit/link' is a {type}; expected files and folders alone.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_FileTwice_UnpacksNothing()
    {
        var run = await Refused(File("VOCdevkit/a.txt", "one"), File("VOCdevkit/a.txt", "two"));
        Assert.Contains("'VOCdevkit/a.txt' is in it twice.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("77777777777", ": its files are larger than the archive itself.")]
    [InlineData("00000004000", " is no sound tar archive: ")]
    public async Task Download_FileLargerThanTheRestOfTheArchive_UnpacksNothing(string octalSize, string expected)
    {
        var tar = Tar(new UstarTarEntry(TarEntryType.RegularFile, "VOCdevkit/a.txt") { DataStream = new MemoryStream("four"u8.ToArray()) });
        Claim(tar, octalSize);
        using var server = new TestServer(Reply.Whole(tar));
        var run = await Download(server, tar);
        Assert.Equal(1, run.Code);
        Assert.Contains(Path.Combine(Output, "voc.tar") + expected, run.Error, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(Output, "voc.tar")], Directory.GetFileSystemEntries(Output));
    }

    [Fact]
    public async Task Download_NoTar_SaysSo()
    {
        byte[] bytes = [.. Enumerable.Range(0, 2048).Select(i => (byte)(i * 7 + 1))];
        using var server = new TestServer(Reply.Whole(bytes));
        var run = await Download(server, bytes);
        Assert.Equal(1, run.Code);
        Assert.Contains("is no sound tar archive: ", run.Error, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(Output, "voc.tar")], Directory.GetFileSystemEntries(Output));
    }

    // The first entry's size, in octal digits, and the sum of the header's bytes, in which the sum itself counts as spaces.
    private static void Claim(byte[] tar, string octalSize)
    {
        var header = tar.AsSpan(0, 512);
        var sum = header.Slice(148, 8);
        System.Text.Encoding.ASCII.GetBytes(octalSize, header[124..]);
        sum.Fill((byte)' ');
        var total = 0;
        foreach (var value in header)
            total += value;
        System.Text.Encoding.ASCII.GetBytes($"{Convert.ToString(total, 8).PadLeft(6, '0')}\0", sum);
    }

    private async Task<SamSeg> Refused(params TarEntry[] entries)
    {
        var tar = Tar(entries);
        using var server = new TestServer(Reply.Whole(tar));
        var run = await Download(server, tar);
        Assert.Equal(1, run.Code);
        Assert.Equal([Path.Combine(Output, "voc.tar")], Directory.GetFileSystemEntries(Output));
        Assert.Equal(["out", "sources.yaml"], Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName).Order());
        return run;
    }

    private string Output => Path.GetDirectoryName(_folder.PathOf("out/voc.tar"))!;

    private Task<SamSeg> Download(TestServer server, byte[] tar) => SamSeg.RunAsync(
        "download", "voc", "--output", Output, "--sources",
        _folder.Write("sources.yaml", $"voc:\n  url: {server.Address}/voc.tar\n  file: voc.tar\n  size: {tar.Length}\n  sha256: {Convert.ToHexString(SHA256.HashData(tar))}\n  folder: VOCdevkit\n"));

    private static PaxTarEntry File(string name, string text) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) };

    private static byte[] Tar(params TarEntry[] entries)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
                writer.WriteEntry(entry);
        }
        return stream.ToArray();
    }
}
