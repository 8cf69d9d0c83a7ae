using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training;

[Collection(LiveTensors.Alone)]
public sealed class TrainingLiveTensorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TrainedParts.Hypernetworks, OptimizerKind.Sgd)]
    [InlineData(TrainedParts.Decoder, OptimizerKind.AdamW)]
    [InlineData(TrainedParts.DecoderAndAdapters, OptimizerKind.AdamW)]
    [InlineData(TrainedParts.Everything, OptimizerKind.Adam)]
    public void Train_WholeRun_LeavesNoTensorAlive(TrainedParts parts, OptimizerKind optimizer)
    {
        using var model = TinyNetwork.Create();
        // The network keeps what its first use makes.
        TinyRun.Train(model, TinyRun.Options with { Epochs = 1 });
        // The network keeps its adapters.
        if (parts == TrainedParts.DecoderAndAdapters)
            model.AddAdapters(new AdapterOptions());
        var before = LiveTensors.Count();
        var most = 0L;

        TinyRun.Train(
            model, TinyRun.Options with { Trained = parts, Optimizer = optimizer, Epochs = 3, ClippingNorm = 1, RunFolder = Path.Combine(_folder.Root, "run") },
            validation: TinyRun.ValidationSet,
            progress: progress => most = Math.Max(most, progress.Loss is null ? 0 : Tensor.TotalCount));

        Assert.Equal(before, LiveTensors.Count());
        // Between steps: two moments and a copy of the best for each trained parameter, and the batches read ahead.
        Assert.InRange(most, before, before + 3 * model.parameters().Count() + 20);
    }

    [Fact]
    public void Train_CancelledAndFailing_LeaveNoTensorAlive()
    {
        using var model = TinyNetwork.Create();
        TinyRun.Train(model, TinyRun.Options with { Epochs = 1 });
        var before = LiveTensors.Count();
        using var cancellation = new CancellationTokenSource();

        TinyRun.Train(model, TinyRun.Options, progress: progress =>
        {
            if (progress.Loss is not null)
                cancellation.Cancel();
        }, cancellation: cancellation.Token);
        Assert.Throws<TrainingDivergedException>(() => TinyRun.Train(model, TinyRun.Options with { Optimizer = OptimizerKind.Sgd, LearningRate = 1e30 }));

        Assert.Equal(before, LiveTensors.Count());
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.AdamW)]
    public void Train_AveragedCancelledAndResumed_LeavesNoTensorAlive(OptimizerKind optimizer)
    {
        using var model = TinyNetwork.Create();
        TinyRun.Train(model, TinyRun.Options with { Epochs = 1 });
        var options = TinyRun.Options with { Optimizer = optimizer, EmaDecay = 0.9, Epochs = 3, RunFolder = Path.Combine(_folder.Root, "run"), Resume = true, CheckpointEvery = 1, KeepTop = 2 };
        var before = LiveTensors.Count();
        var most = 0L;

        var (stopped, runs) = (true, 0);
        for (; stopped; runs++)
        {
            using var cancellation = new CancellationTokenSource();
            var steps = 0;
            stopped = TinyRun.Train(
                model, options, validation: TinyRun.ValidationSet,
                progress: progress =>
                {
                    most = Math.Max(most, progress.Loss is null ? 0 : Tensor.TotalCount);
                    if (progress.Loss is not null && ++steps == 2)
                        cancellation.Cancel();
                },
                cancellation: cancellation.Token).Cancelled;
            Assert.Equal(before, LiveTensors.Count());
        }
        // The finished run's result again, and other data.
        TinyRun.Train(model, options, validation: TinyRun.ValidationSet);
        Assert.Throws<ResumeException>(() => TinyRun.Train(model, options with { LearningRate = 1 }, validation: TinyRun.ValidationSet));

        Assert.Equal(before, LiveTensors.Count());
        Assert.Equal(4, runs);
        // Between steps: the average, two moments and a copy of the best for each trained parameter, and the batches read ahead.
        Assert.InRange(most, before, before + 4 * model.parameters().Count() + 20);
    }
}
