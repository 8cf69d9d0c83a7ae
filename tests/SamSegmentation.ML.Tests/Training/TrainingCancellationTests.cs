using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Training;

public sealed class TrainingCancellationTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = TinyNetwork.Create();
    private readonly CancellationTokenSource _cancellation = new();

    private TrainingOptions Options => TinyRun.Options with { RunFolder = Path.Combine(_folder.Root, "run"), CacheFolder = Path.Combine(_folder.Root, "cache"), KeepBest = false };

    public void Dispose()
    {
        _cancellation.Dispose();
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Train_CancelledInAStep_EndsAfterItAndKeepsItsWeights()
    {
        var result = Train(progress => progress is { Epoch: 2, Done: 1, Loss: not null });

        Assert.True(result.Cancelled);
        Assert.Equal(3, result.Steps);
        Assert.Single(result.Epochs);
        Assert.Null(result.ModelPath);
        using var last = Checkpoint.Open(Path.Combine(Options.RunFolder!, "last.safetensors"));
        Assert.Equal("3", SamCheckpoint.ReadInfo(last)!.Notes["step"]);
        using var copy = TinyNetwork.Create();
        SamCheckpoint.LoadPart(copy, last, name => name.StartsWith("mask_decoder.", StringComparison.Ordinal));
        Assert.Equal(MiniNetwork.Bytes(copy), MiniNetwork.Bytes(_model));
        Assert.Contains("\"cancelled\":true", File.ReadLines(Path.Combine(Options.RunFolder!, "log.jsonl")).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_CancelledWhilePreparing_KeepsTheCacheAndLeavesTheFolderFree()
    {
        var before = MiniNetwork.Bytes(_model);

        var result = Train(progress => progress is { Stage: TrainingStage.Preparing, Done: 3 });

        Assert.True(result.Cancelled);
        Assert.Equal(0, result.Steps);
        Assert.Empty(result.Epochs);
        Assert.Equal(before, MiniNetwork.Bytes(_model));
        Assert.NotEmpty(Directory.GetFiles(Options.CacheFolder!, "*.safetensors", SearchOption.AllDirectories));
        Assert.False(TinyRun.Train(_model, Options).Cancelled);
    }

    [Fact]
    public void Train_CancelledInValidation_EndsWithoutTheEpoch()
    {
        var result = Train(progress => progress is { Stage: TrainingStage.Validation, Epoch: 2, Done: 1 });

        Assert.True(result.Cancelled);
        Assert.Equal(4, result.Steps);
        Assert.Single(result.Epochs);
        Assert.Equal(1, result.BestEpoch);
    }

    [Fact]
    public void Train_SourceCancelledByItself_IsAnError()
    {
        Assert.Throws<OperationCanceledException>(() => TinyRun.Train(
            _model, Options, Enumerable.Range(0, 1).Select<int, ML.Datasets.LabeledImage>(_ => throw new OperationCanceledException())));
    }

    private TrainingResult Train(Func<TrainingProgress, bool> isTheMoment) =>
        TinyRun.Train(
            _model, Options, validation: TinyRun.ValidationSet,
            progress: progress =>
            {
                if (isTheMoment(progress))
                    _cancellation.Cancel();
            },
            cancellation: _cancellation.Token);
}
