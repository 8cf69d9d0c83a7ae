using System.Globalization;
using SamSegmentation.Demo;
using SamSegmentation.Demo.Scenes;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Demo;

public sealed class DemoRunTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly StringWriter _lines = new();

    public void Dispose()
    {
        _lines.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Run_FewScenes_WritesWhatItSaysAndEndsWithTheMeasure()
    {
        string output = _folder.PathOf("out");

        var metrics = Run(new DemoOptions { Output = output, Scenes = 9, Epochs = 2 });

        string[] lines = _lines.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Matches("^val mIoU 0\\.[0-9]{3}$", lines[^1]);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"val mIoU {metrics.MeanIoU:F3}"), lines[^1]);
        Assert.Equal(2 * 2, lines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Matches("^reference's protocol: val mIoU 0\\.[0-9]{3}$", lines[^2]);
        Assert.All(SceneClasses.Names, name => Assert.Contains(name, _lines.ToString()));

        var validation = SegmentationDataset.OpenVoc(Path.Combine(output, "scenes"), VocSplit.Val, new ClassList(SceneClasses.Names));
        Assert.Equal(3, validation.Samples.Count);
        foreach (var sample in validation.Samples)
        {
            var ids = LabelMapPng.Load(Path.Combine(output, "predictions", "grey", $"{sample.Id}.png"));
            Assert.Equal((sample.Height, sample.Width), (ids.Height, ids.Width));
            Assert.Equal(ids.Ids, LabelMapPng.Load(Path.Combine(output, "predictions", "color", $"{sample.Id}.png")).Ids);
            var overlay = RgbImage.Load(Path.Combine(output, "predictions", "overlay", $"{sample.Id}.png"));
            Assert.Equal((sample.Height, sample.Width), (overlay.Height, overlay.Width));
        }
        Assert.True(RgbImage.Load(Path.Combine(output, "comparison.png")).Width > validation.Samples.Sum(sample => sample.Width));
        Assert.True(File.Exists(Path.Combine(output, "run", "model.safetensors")));
    }

    [Fact]
    public void Run_FolderInVocsLayout_LearnsVocsClassesAndLeavesItAsItIs()
    {
        string voc = SceneDataset.Write(_folder.PathOf("data"), trainCount: 3, valCount: 1, seed: 2);
        var before = Directory.GetFiles(voc, "*", SearchOption.AllDirectories).Order().Select(file => (file, File.GetLastWriteTimeUtc(file))).ToArray();

        var metrics = Run(new DemoOptions { Output = _folder.PathOf("out"), Data = voc, Epochs = 1 });

        Assert.Equal(ClassList.Voc.Names, metrics.ClassNames);
        Assert.Contains("low mIoU is expected", _lines.ToString());
        Assert.False(Directory.Exists(_folder.PathOf("out/scenes")));
        Assert.Equal(before, Directory.GetFiles(voc, "*", SearchOption.AllDirectories).Order().Select(file => (file, File.GetLastWriteTimeUtc(file))));
    }

    [Fact]
    public void Run_Cancelled_EndsBeforeItsWork()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var run = new DemoRun(new DemoOptions { Output = _folder.PathOf("out"), Scenes = 2 }, new DemoDisplay(_lines));

        Assert.ThrowsAny<OperationCanceledException>(() => run.Run(cancellation.Token));
        Assert.False(Directory.Exists(_folder.PathOf("out/run")));
    }

    [Fact]
    public void Run_OutputHoldsSomething_LeavesIt()
    {
        _folder.Write("out/mine.txt", [1]);

        var error = Assert.Throws<IOException>(() => Run(new DemoOptions { Output = _folder.PathOf("out"), Scenes = 2 }));

        Assert.Contains(_folder.PathOf("out"), error.Message);
        Assert.Single(Directory.GetFileSystemEntries(_folder.PathOf("out")));
    }

    [Fact]
    public void Run_DamagedCheckpoint_SaysSoBeforeAnythingIsWritten()
    {
        string checkpoint = _folder.Write("sam.safetensors", [1, 2, 3]);

        var error = Assert.Throws<CheckpointFormatException>(() => Run(new DemoOptions { Output = _folder.PathOf("out"), Checkpoint = checkpoint }));

        Assert.Contains(checkpoint, error.Message);
        Assert.False(Directory.Exists(_folder.PathOf("out")));
    }

    private ML.Evaluation.SegmentationMetrics Run(DemoOptions options) => new DemoRun(options, new DemoDisplay(_lines)).Run(TestContext.Current.CancellationToken);
}
