using SamSegmentation.Demo;
using SamSegmentation.ML.Checkpoints;
using Xunit;

namespace SamSegmentation.ML.Tests.Demo;

public sealed class PretrainingTests : IDisposable
{
    private const long MostBytes = 3_000_000;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_FewScenes_WritesACheckpointLikeTheOneThatIsThere()
    {
        using var lines = new StringWriter();
        new Pretraining(new PretrainingOptions { Output = _folder.PathOf("out"), Scenes = 3, Epochs = 1 }, new DemoDisplay(lines)).Run(TestContext.Current.CancellationToken);

        using var made = Checkpoint.Open(_folder.PathOf("out/small_sam.safetensors"));
        using var there = Checkpoint.Open(SmallSam.Checkpoint);
        Assert.Equal(SamCheckpointLayout.Sam, SamCheckpoint.FindLayout(made));
        Assert.Equal(SmallSam.Config, SamCheckpoint.InferConfig(made));
        Assert.Equal(SmallSam.Config, SamCheckpoint.InferConfig(there));
        Assert.InRange(new FileInfo(SmallSam.Checkpoint).Length, 1, MostBytes);
        Assert.Equal(new FileInfo(SmallSam.Checkpoint).Length, new FileInfo(_folder.PathOf("out/small_sam.safetensors")).Length);
    }

    [Fact]
    public void Run_OutputHoldsSomething_LeavesIt()
    {
        _folder.Write("out/mine.txt", [1]);
        using var lines = new StringWriter();

        Assert.Throws<IOException>(() => new Pretraining(new PretrainingOptions { Output = _folder.PathOf("out") }, new DemoDisplay(lines)).Run(TestContext.Current.CancellationToken));

        Assert.Single(Directory.GetFileSystemEntries(_folder.PathOf("out")));
    }
}
