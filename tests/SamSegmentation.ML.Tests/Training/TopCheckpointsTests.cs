using System.Globalization;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>The checkpoints of the best few epochs.</summary>
[Collection(LiveTensors.Alone)]
public sealed class TopCheckpointsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Run => Path.Combine(_folder.Root, "run");

    // So much momentum makes epochs of which some are worse than those before.
    private TrainingOptions Options => TinyRun.Options with
    {
        Epochs = 6,
        Optimizer = OptimizerKind.Sgd,
        LearningRate = 1,
        Momentum = 0.98,
        RunFolder = Run,
        CacheFolder = Path.Combine(_folder.Root, "cache"),
        SaveModel = false,
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ValidationMetric.MeanIoU, "miou")]
    [InlineData(ValidationMetric.Loss, "loss")]
    public void KeepTop_Two_LeavesTheTwoBestEpochs(ValidationMetric metric, string name)
    {
        using var model = TinyNetwork.Create();

        var result = TinyRun.Train(model, Options with { KeepTop = 2, KeepTopMetric = metric }, validation: TinyRun.ValidationSet);

        var values = result.Epochs.Select(epoch => (epoch.Epoch, Value: metric == ValidationMetric.Loss ? epoch.ValidationLoss!.Value : -epoch.Validation!.MeanIoU));
        var best = values.OrderBy(pair => pair.Value).ThenBy(pair => pair.Epoch).Take(2).ToArray();
        var first = best.Min(pair => pair.Epoch);
        Assert.True(first > 1 && values.Any(pair => pair.Epoch > first && !best.Contains(pair)), $"The case needs worse epochs before and after the best: {string.Join(' ', values)}");
        Assert.Equal(
            best.Select(pair => string.Create(CultureInfo.InvariantCulture, $"epoch-{pair.Epoch:D4}-{name}-{Math.Abs(pair.Value):F4}.safetensors")).Order(),
            Files());
    }

    [Fact]
    public void KeepTop_AnyEpoch_HoldsThatEpochsWeights()
    {
        using var model = TinyNetwork.Create();
        var weights = new Dictionary<int, Dictionary<string, byte[]>>();

        TinyRun.Train(model, Options with { KeepTop = 6, EmaDecay = 0.5 }, validation: TinyRun.ValidationSet, progress: progress =>
        {
            // The averages are in place until the epoch's files are written.
            if (progress is { Stage: TrainingStage.Saving, Done: > 0, Completed: null } && progress.Done == progress.Total)
                weights[progress.Epoch] = MiniNetwork.Bytes(model);
        });

        var files = Files();
        Assert.Equal(6, files.Length);
        foreach (var file in files)
        {
            using var checkpoint = Checkpoint.Open(Path.Combine(Run, file));
            var epoch = int.Parse(SamCheckpoint.ReadInfo(checkpoint)!.Notes["epoch"], CultureInfo.InvariantCulture);
            Assert.StartsWith($"epoch-{epoch:D4}-", file, StringComparison.Ordinal);
            using var copy = TinyNetwork.Create();
            SamCheckpoint.LoadPart(copy, checkpoint, name => name.StartsWith("mask_decoder.", StringComparison.Ordinal));
            Assert.Equal(weights[epoch], MiniNetwork.Bytes(copy));
        }
    }

    [Fact]
    public void KeepTop_ARunThatDiedAndGoesOn_LeavesTheSame()
    {
        var options = Options with { KeepTop = 2 };
        using var whole = TinyNetwork.Create();
        TinyRun.Train(whole, options with { RunFolder = Path.Combine(_folder.Root, "whole") }, validation: TinyRun.ValidationSet);
        using var model = TinyNetwork.Create();
        // After the files of the third epoch, of which the state knows nothing.
        Assert.Throws<InvalidDataException>(() => TinyRun.Train(model, options, validation: TinyRun.ValidationSet, progress: progress =>
        {
            if (progress is { Stage: TrainingStage.Saving, Epoch: 3, Completed: null } && progress.Done == progress.Total)
                throw new InvalidDataException("death");
        }));
        // As if that epoch had come to something else.
        File.WriteAllText(Path.Combine(Run, "epoch-0003-miou-0.9999.safetensors"), "");
        File.WriteAllText(Path.Combine(Run, "epoch-of-mine.safetensors"), "");

        TinyRun.Train(model, options with { Resume = true }, validation: TinyRun.ValidationSet);

        Assert.Equal([.. Files("whole"), "epoch-of-mine.safetensors"], Files());
        Assert.All(Files("whole"), file => Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.Root, "whole", file)), File.ReadAllBytes(Path.Combine(Run, file))));
    }

    [Fact]
    public void KeepTop_NoValidationSet_IsRefused()
    {
        using var model = TinyNetwork.Create();

        Assert.Contains("KeepTop needs a validation set", Assert.Throws<ArgumentException>(() => TinyRun.Train(model, Options with { KeepTop = 1 })).Message, StringComparison.Ordinal);
    }

    private string[] Files(string run = "run") =>
        [.. Directory.GetFiles(Path.Combine(_folder.Root, run), "epoch-*").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
