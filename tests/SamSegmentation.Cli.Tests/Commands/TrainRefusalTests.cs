using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

/// <summary>What samseg train says of what it cannot do.</summary>
public sealed class TrainRefusalTests : IDisposable
{
    private readonly TinyTraining _training = new();

    public void Dispose() => _training.Dispose();

    [Theory]
    [InlineData("training.optimizer.parts: [mask_decoder.nothing]", "--part", "mask_decoder.nothing:learning_rate=1")]
    [InlineData("--momentum: training.optimizer.momentum: belongs to Sgd", "--momentum", "0.5")]
    [InlineData("--epochs: training.epochs: expected an integer of at least 1, found '0'", "--epochs", "0")]
    [InlineData("--device: run.device: 'gpu' is not a device", "--device", "gpu")]
    [InlineData("model.network: EncoderDim is 17; it must be a multiple of 2", "--encoder-dim", "17")]
    public async Task Train_SettingsThatCannotBeUsed_AreBadUsage(string expected, params string[] args)
    {
        var run = await _training.TrainAsync(args);

        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_training.Written("options.json")));
    }

    [Fact]
    public async Task Train_ManyMistakesInAFile_AreAllReportedWithTheirLines()
    {
        var config = _training.Folder.Write("bad.yaml", "training:\n  epoch: 3\n  batch_size: none\nrunn:\n  seed: 1\n");

        var run = await SamSeg.RunAsync("train", "--config", config, "--data", _training.Voc);

        Assert.Equal(2, run.Code);
        Assert.Equal(
            [
                $"samseg: {config}:2:3: training.epoch: unknown key (did you mean 'epochs'?)",
                $"samseg: {config}:3:15: training.batch_size: expected an integer of at least 1, found 'none'",
                $"samseg: {config}:4:1: runn: unknown key (did you mean 'run'?)",
                "See: samseg train --help",
            ],
            run.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Train_NoNetwork_IsBadUsage()
    {
        var run = await SamSeg.RunAsync("train", "--data", _training.Voc);

        Assert.Equal(2, run.Code);
        Assert.Contains("no network: expected --checkpoint FILE", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_FoldersWithoutClasses_IsBadUsage()
    {
        var run = await SamSeg.RunAsync("train", "--config", _training.Config, "--images", _training.Voc, "--masks", _training.Voc);

        Assert.Equal(2, run.Code);
        Assert.Contains("no classes: expected --classes FILE", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_MasksOfOtherClasses_AreListed()
    {
        var run = await SamSeg.RunAsync("train", "--config", _training.Config, "--data", _training.Voc, "--classes", _training.Folder.Write("two.txt", "ground\nred\n"), "--run-folder", _training.Run);

        Assert.Equal(1, run.Code);
        Assert.Contains("train.txt: 4 of 4 samples cannot be used", run.Error, StringComparison.Ordinal);
        Assert.Contains("has id 2; expected 0 to 1 or 255 for void", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_RunFolderThatHoldsARun_IsRefused()
    {
        await _training.TrainAsync("--epochs", "1");

        var run = await _training.TrainAsync("--epochs", "1");

        Assert.Equal(1, run.Code);
        Assert.Contains("holds a run already", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_RunFolderThatIsAFile_NamesIt()
    {
        var run = await _training.TrainAsync("--run-folder", _training.Classes);

        Assert.Equal(1, run.Code);
        Assert.Contains(_training.Classes, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_NetworkThatNoMemoryHolds_IsOneLineOfLibtorchs()
    {
        var run = await _training.TrainAsync("--image-size", "1048576");

        Assert.Equal(1, run.Code);
        Assert.StartsWith("samseg: libtorch: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("memory", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Train_FolderThatIsNoVoc_SaysWhatIsExpected()
    {
        var run = await SamSeg.RunAsync("train", "--config", _training.Config, "--data", _training.Folder.PathOf("voc/JPEGImages"), "--run-folder", _training.Run);

        Assert.Equal(1, run.Code);
        Assert.Contains("no VOC2012 folder: expected ", run.Error, StringComparison.Ordinal);
    }
}
