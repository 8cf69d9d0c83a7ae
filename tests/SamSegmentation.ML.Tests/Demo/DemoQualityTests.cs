using SamSegmentation.Demo;
using SamSegmentation.Demo.Scenes;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Demo;

/// <summary>
/// The demo promises a val mIoU of 0.85 with 400 scenes and 10 epochs, and takes a minute. A tenth of the scenes and 8 epochs come to 0.91 in
/// seconds; a trainer that does not learn stays at 0.11, which is background everywhere.
/// </summary>
// Alone: the classes' own weights are drawn from the process's generator.
[Collection(LiveTensors.Alone)]
public sealed class DemoQualityTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_ATenthOfTheDemosScenes_LearnsThem()
    {
        var options = new DemoOptions { Output = _folder.PathOf("out"), Scenes = 40, Epochs = 8 };
        var data = DemoData.Open(options, TestContext.Current.CancellationToken);
        manual_seed(options.Seed);
        using var network = new SemanticSam(SmallSam.Config, SceneClasses.Names.Count);
        using (var checkpoint = Checkpoint.Open(options.Checkpoint))
            SamCheckpoint.LoadStart(network, checkpoint);
        // One validation, at the end.
        var training = Protocols.Ours(options, _folder.PathOf("run")) with { ValidateEvery = options.Epochs, SaveModel = false, MeasureTraining = false };

        var result = new SegmentationTrainer(network, data.Training.Classes.Names, training)
            .Train(data.Training.Read(), data.Validation.Read(), cancellation: TestContext.Current.CancellationToken);

        var metrics = result.Epochs[^1].Validation!;
        Assert.True(metrics.MeanIoU >= 0.8, metrics.ToTable());
    }
}
