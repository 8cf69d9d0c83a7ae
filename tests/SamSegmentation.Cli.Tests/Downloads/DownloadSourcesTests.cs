using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Downloads;
using Xunit;

namespace SamSegmentation.Cli.Tests.Downloads;

public sealed class DownloadSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_ProgramsOwn_IsTheCommittedFile()
    {
        var own = DownloadSources.Read(null);
        Assert.Equal(DownloadSources.Read(RepositoryFiles.PathOf("config/downloads.yaml")), own);
        Assert.Equal(["vit_b", "vit_l", "vit_h", "voc2012"], own.Select(source => source.Name));
        Assert.All(own, source => Assert.EndsWith("/" + source.File, source.Url.AbsolutePath, StringComparison.Ordinal));
        Assert.Equal("VOCdevkit", own[3].Folder);
    }

    [Fact]
    public void Read_BadFile_ListsEveryFault()
    {
        var path = _folder.Write("sources.yaml", """
            a:
              url: ftp://example.org/a
              file: ../a
              size: -1
              sha256: abc
              folder: ..
              hash: x
            b: nothing
            c:
              file: c
            """);
        var error = Assert.Throws<ConfigurationException>(() => DownloadSources.Read(path));
        var expected = new[]
        {
            "a.hash: unknown key",
            "a.url: expected an http or https address, found 'ftp://example.org/a'",
            "a.file: expected a file's name without folders, found '../a'",
            "a.size: expected the number of bytes, found '-1'",
            "a.sha256: expected 64 hexadecimal digits, found 'abc'",
            "a.folder: expected a folder's name without folders above it, found '..'",
            "b: expected a section with keys, found 'nothing'",
            "c.url: expected an http or https address, found nothing",
            "c.size: expected the number of bytes, found nothing",
            "c.sha256: expected 64 hexadecimal digits, found nothing",
        };
        Assert.Equal(expected, error.Problems.Select(problem => $"{problem.Key}: {problem.Message}"));
    }

    [Fact]
    public void Read_EmptyFile_IsAnError() =>
        Assert.Contains("names nothing to download", Assert.Throws<ConfigurationException>(() => DownloadSources.Read(_folder.Write("empty.yaml", ""))).Message, StringComparison.Ordinal);
}
