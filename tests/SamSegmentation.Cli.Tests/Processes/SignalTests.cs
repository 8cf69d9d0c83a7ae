using System.Runtime.InteropServices;
using SamSegmentation.ML.Checkpoints;
using Xunit;

namespace SamSegmentation.Cli.Tests.Processes;

public sealed class SignalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _voc;
    private readonly string _classes;

    public SignalTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send to another process.");
        _voc = TinyScenes.Voc(_folder);
        _classes = _folder.Write("classes.txt", TinyScenes.ClassNames);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Train_OneSignal_EndsCleanlyWith130AndASoundLastCheckpoint(bool terminate)
    {
        var config = _folder.Write("train.yaml", TinyNetwork.Yaml);
        using var samseg = new SamSegProcess(
            "train", "--config", config, "--data", _voc, "--classes", _classes, "--run-folder", _folder.PathOf("run"), "--epochs", "1000000", "--threads", "1");
        await samseg.OutputAsync("epoch       2/1000000");

        if (terminate)
            samseg.Terminate();
        else
            samseg.Interrupt();
        var code = await samseg.EndAsync();

        Assert.Equal(130, code);
        Assert.Contains("samseg: stopping after this step; once more stops at once", samseg.Error, StringComparison.Ordinal);
        Assert.Contains("samseg: cancelled after ", samseg.Error, StringComparison.Ordinal);
        Assert.Contains("  last.safetensors  ", samseg.Output, StringComparison.Ordinal);
        using var last = Checkpoint.Open(_folder.PathOf("run/last.safetensors"));
        Assert.Equal(["ground", "red", "blue"], SamCheckpoint.ReadInfo(last)!.ClassNames);
    }

    [Fact]
    public async Task Predict_TwoSignals_EndAtOnceWith130()
    {
        // A pipe that nobody writes into: reading this image never ends, so nothing can be stopped cleanly.
        var pipe = _folder.PathOf("pipe.jpg");
        Assert.Equal(0, MakePipe(pipe, Convert.ToUInt32("600", 8)));
        var model = TinyNetwork.WriteModel(_folder, "model.safetensors", "ground", "red", "blue");
        using var samseg = new SamSegProcess("predict", pipe, "--model", model, "--output", _folder.PathOf("out"));
        await samseg.OutputAsync("network ");

        samseg.Interrupt();
        await samseg.ErrorAsync("stopping after this step");
        samseg.Interrupt();

        Assert.Equal(130, await samseg.EndAsync());
        Assert.DoesNotContain("samseg: cancelled", samseg.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_TwoSignalsInTheMiddleOfWork_EndWith130AndNoCrash()
    {
        var config = _folder.Write("train.yaml", TinyNetwork.Yaml);
        using var samseg = new SamSegProcess(
            "train", "--config", config, "--data", _voc, "--classes", _classes, "--run-folder", _folder.PathOf("run"), "--epochs", "1000000", "--train", "everything");
        await samseg.OutputAsync("epoch       2/1000000");

        // Whether the first has ended the run by then or not.
        samseg.Interrupt();
        await samseg.ErrorAsync("stopping after this step");
        samseg.Interrupt();

        Assert.Equal(130, await samseg.EndAsync());
    }

    [DllImport("libc", EntryPoint = "mkfifo")]
    private static extern int MakePipe([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
}
