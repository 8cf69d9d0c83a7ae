using Xunit;

namespace SamSegmentation.Cli.Tests.Processes;

/// <summary>Folders that may not be read, and files that cannot be written any further, as on a full disk.</summary>
public sealed class DeniedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DeniedFilesTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Rights are taken away and lengths limited as on Linux.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Predict_FolderThatMayNotBeRead_NamesItAndWritesNothing()
    {
        TinyScenes.Write(_folder.PathOf("locked/a.jpg"), _folder.PathOf("masks/a.png"), 1);
        var locked = Path.GetDirectoryName(_folder.PathOf("locked/a.jpg"))!;
        Forbid(locked);
        using var process = SamSegProcess.Within(AsOthers, "predict", "--model", TinyNetwork.WriteModel(_folder, "model.safetensors", "ground", "red"), "--output", _folder.PathOf("out/x")[..^2], locked);

        Assert.Equal(1, await process.EndAsync());

        Assert.Equal($"samseg: Access to the path '{locked}' is denied.", process.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.PathOf("out/x")[..^2]));
    }

    [Fact]
    public async Task Train_RunFolderThatMayNotBeWritten_NamesItAndLeavesItEmpty()
    {
        var run = Path.GetDirectoryName(_folder.PathOf("run/x"))!;
        Forbid(run, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var process = SamSegProcess.Within(AsOthers, Train(run));

        Assert.Equal(1, await process.EndAsync());

        Assert.Contains($"Access to the path '{run}", process.Error, StringComparison.Ordinal);
        Assert.Single(process.Error.Split('\n'));
        Assert.Empty(Directory.GetFileSystemEntries(run));
    }

    [Fact]
    public async Task Export_FileThatCannotBecomeThatLong_NamesItAndLeavesTheOlderOneAlone()
    {
        var target = _folder.Write("out/model.onnx", "mine");
        using var process = SamSegProcess.Within(ShortFiles, "export", "--model", TinyNetwork.WriteModel(_folder, "model.safetensors", "ground", "red"), "--output", target);

        Assert.Equal(1, await process.EndAsync());

        Assert.Equal($"samseg: '{target}' cannot be written: no file may be that long here.", process.Error);
        Assert.Equal("mine", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
        Assert.Equal([target], Directory.GetFileSystemEntries(Path.GetDirectoryName(target)!));
    }

    [Fact]
    public async Task Train_CheckpointThatCannotBecomeThatLong_NamesItAndGoesOnWhenThereIsRoom()
    {
        var run = _folder.PathOf("run/x")[..^2];
        using (var process = SamSegProcess.Within(ShortFiles, Train(run)))
        {
            Assert.Equal(1, await process.EndAsync());
            Assert.Matches($"^samseg: '{run}/state/[^']*' cannot be written: no file may be that long here\\.$", process.Error);
            Assert.Empty(Directory.GetFiles(run, "*.tmp", SearchOption.AllDirectories));
        }
        using (var process = new SamSegProcess([.. Train(run), "--resume"]))
            Assert.Equal((0, ""), (await process.EndAsync(), process.Error));
        Assert.True(File.Exists(Path.Combine(run, "model.safetensors")));
    }

    // Root may read everything, unless it gives up the rights that let it; another user need not.
    private static string[] AsOthers { get; } = Environment.IsPrivilegedProcess
        ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-dac_override,-dac_read_search"]
        : ["env"];

    // No file grows beyond 64 blocks of the shell's, 512 or 1,024 bytes each: logs and embeddings fit, weights do not. The runtime's own
    // code must not go through a file then.
    private static string[] ShortFiles { get; } = ["sh", "-c", "trap '' XFSZ; ulimit -f 64; export DOTNET_EnableWriteXorExecute=0; exec \"$@\"", "sh"];

    private string[] Train(string run) =>
    [
        "train", "--config", _folder.Write("train.yaml", TinyNetwork.Yaml), "--data", TinyScenes.Voc(_folder),
        "--classes", _folder.Write("classes.txt", TinyScenes.ClassNames), "--epochs", "1", "--batch-size", "2", "--images-logged", "0", "--report-images", "0", "--run-folder", run,
    ];

    private static void Forbid(string folder, UnixFileMode left = UnixFileMode.None)
    {
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(folder, left);
    }
}
