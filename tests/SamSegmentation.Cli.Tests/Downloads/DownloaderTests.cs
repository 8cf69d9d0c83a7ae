using SamSegmentation.Cli.Display;
using SamSegmentation.Cli.Downloads;
using Xunit;

namespace SamSegmentation.Cli.Tests.Downloads;

public sealed class DownloaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_Cancelled_KeepsWhatHasComeAndCountsItAsThere()
    {
        var file = new byte[3_000_000];
        using var server = new TestServer(Reply.Whole(file));
        var source = new DownloadSource("zeros", new Uri(server.Address + "/zeros"), "zeros", file.Length, new string('0', 64), null);
        var path = _folder.PathOf("zeros");
        using var cancellation = new CancellationTokenSource();
        var downloader = new Downloader(source, path, new CancellingDisplay(cancellation, megabytes: 1));

        Assert.ThrowsAny<OperationCanceledException>(() => downloader.Run(cancellation.Token));

        Assert.False(File.Exists(path));
        var kept = new FileInfo(path + ".part").Length;
        Assert.InRange(kept, 1_000_000, 2_999_999);
        Assert.Equal(file.Length - kept, downloader.Missing);
        Assert.Equal([source.Url.AbsoluteUri, "\"v1\""], File.ReadAllLines(path + ".part.tag"));
    }

    /// <summary>Cancels once so much has come, as a user may.</summary>
    private sealed class CancellingDisplay(CancellationTokenSource cancellation, int megabytes) : IDisplay
    {
        public Task<T> ShowAsync<T>(Func<T> work) => Task.Run(work);

        public void Line(string text)
        {
        }

        public void Progress(string stage, int done, int? total, string detail = "")
        {
            Assert.Equal(("downloading zeros", 3), (stage, total));
            if (done >= megabytes)
                cancellation.Cancel();
        }
    }
}
