using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Augmentation;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Schedules;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>Each option of <see cref="TrainingOptions"/> does what it says, seen from outside.</summary>
public sealed class TrainingOptionsHonouredTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = TinyNetwork.Create();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(8, 1)]
    [InlineData(100, 1)]
    public void BatchSize_EightImages_DecidesTheSteps(int batchSize, int steps) =>
        Assert.Equal(steps, TinyRun.Train(_model, TinyRun.Options with { BatchSize = batchSize, Epochs = 1 }).Steps);

    [Fact]
    public void Schedule_EachStep_HasItsRate()
    {
        var schedule = new CosineSchedule { WarmupSteps = 2 };
        var rates = new List<double>();

        var result = TinyRun.Train(_model, TinyRun.Options with { Schedule = schedule }, progress: progress => rates.AddRange(progress.LearningRate is { } rate ? [rate] : []));

        Assert.Equal(Enumerable.Range(0, 4).Select(step => schedule.Rate(step, 4, TinyRun.Options.LearningRate)), rates);
        Assert.Equal([rates[1], rates[3]], result.Epochs.Select(epoch => epoch.LearningRate));
    }

    [Fact]
    public void LearningRateAndWeightDecay_OneStep_AreTheRulesOfSgd()
    {
        // Two steps from the same weights that differ in the weight decay alone differ by rate · decay · weight.
        var options = TinyRun.Options with { Optimizer = OptimizerKind.Sgd, Momentum = 0, LearningRate = 0.01, WeightDecay = 0, Epochs = 1, BatchSize = 8 };
        using var decayed = TinyNetwork.Create();
        using var start = TinyNetwork.Create();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();

        TinyRun.Train(_model, options);
        TinyRun.Train(decayed, options with { WeightDecay = 0.5 });

        var (plain, other, first) = (Weights(_model), Weights(decayed), Weights(start));
        foreach (var name in plain.Keys.Where(name => name.StartsWith("mask_decoder.transformer.", StringComparison.Ordinal)))
            Assert.InRange((other[name] - (plain[name] - 0.01 * 0.5 * first[name])).abs().max().ToSingle(), 0, 1e-6f);
    }

    [Fact]
    public void Loss_Doubled_IsTwice()
    {
        using var other = TinyNetwork.Create();

        var half = TinyRun.Train(_model, TinyRun.Options with { Epochs = 1, BatchSize = 8 }, validation: TinyRun.ValidationSet).Epochs[0];
        var whole = TinyRun.Train(other, TinyRun.Options with { Epochs = 1, BatchSize = 8, Loss = LossOptions.Parse("cross_entropy"), Optimizer = OptimizerKind.AdamW }, validation: TinyRun.ValidationSet).Epochs[0];

        Assert.Equal(2 * half.TrainingLoss, whole.TrainingLoss, 1e-5);
        // AdamW's step does not depend on the gradient's length.
        Assert.Equal(2 * half.ValidationLoss!.Value, whole.ValidationLoss!.Value, 1e-3);
    }

    [Fact]
    public void Parts_RateOfZero_FreezesThePart()
    {
        var before = MiniNetwork.Bytes(_model);
        var parts = new Dictionary<string, PartOverride> { ["mask_decoder.transformer"] = new() { LearningRate = 0 } };

        TinyRun.Train(_model, TinyRun.Options with { Parts = parts });

        var after = MiniNetwork.Bytes(_model);
        foreach (var name in before.Keys.Where(name => name.StartsWith("mask_decoder.", StringComparison.Ordinal) && !name.Contains("iou_prediction", StringComparison.Ordinal)))
            Assert.Equal(name.StartsWith("mask_decoder.transformer.", StringComparison.Ordinal), before[name].AsSpan().SequenceEqual(after[name]));
    }

    [Fact]
    public void Parts_UnknownName_IsRefusedBeforeAnyImageIsRead()
    {
        var options = TinyRun.Options with { Parts = new Dictionary<string, PartOverride> { ["image_encoder"] = new() { LearningRate = 1 } }, RunFolder = Path.Combine(_folder.Root, "run") };

        Assert.Throws<InvalidTrainingOptionsException>(() => TinyRun.Train(_model, options, TinyRun.NeverRead()));

        Assert.False(Directory.Exists(options.RunFolder));
    }

    [Fact]
    public void ClippingNorm_Tiny_KeepsTheWeightsNear()
    {
        var options = TinyRun.Options with { Optimizer = OptimizerKind.Sgd, Momentum = 0, LearningRate = 1, WeightDecay = 0, Epochs = 1, BatchSize = 8, ClippingNorm = 1e-3 };
        using var start = TinyNetwork.Create();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();

        TinyRun.Train(_model, options);

        var (before, after) = (Weights(start), Weights(_model));
        var squares = before.Sum(pair => (after[pair.Key] - pair.Value).pow(2).sum().ToDouble());
        // Differences of float32 weights near 1 are rounded to 6e-8.
        Assert.InRange(Math.Sqrt(squares), 0.98e-3, 1.02e-3);
    }

    [Fact]
    public void Augmentation_CertainFlips_TrainsOnTheMirroredImages()
    {
        var options = TinyRun.Options with { Trained = TrainedParts.Everything, Epochs = 1, BatchSize = 8, Preprocessing = Preprocessing.Stretch };
        using var other = TinyNetwork.Create();
        // Images of the network's own size are not resized, so that they can be mirrored before.
        LabeledImage[] scenes = [.. Enumerable.Range(0, 8).Select(seed => TinyScenes.Make(seed, 64, 64)).Select((scene, i) => new LabeledImage($"{i}", scene.Image, scene.Label))];

        var flipped = TinyRun.Train(_model, options with { Augmentation = new() { FlipProbability = 1 } }, scenes).Epochs[0].TrainingLoss;
        var mirrored = TinyRun.Train(other, options, scenes.Select(scene => scene with
        {
            Image = Mirroring.Mirror(scene.Image),
            Label = Mirroring.Mirror(scene.Label),
        })).Epochs[0].TrainingLoss;

        Assert.Equal(mirrored, flipped);
        Assert.Equal(MiniNetwork.Bytes(other), MiniNetwork.Bytes(_model));
    }

    [Fact]
    public void Preprocessing_Stretch_FillsTheSquare()
    {
        var pixels = TinyRun.Train(_model, TinyRun.Options with { Epochs = 1, Preprocessing = Preprocessing.Stretch }).Epochs[0].Training!.Pixels;
        using var other = TinyNetwork.Create();
        var padded = TinyRun.Train(other, TinyRun.Options with { Epochs = 1 }).Epochs[0].Training!.Pixels;

        // 40×56 becomes 64×64 or 46×64, less some void.
        Assert.InRange(pixels, 0.85 * 8 * 64 * 64, 8 * 64 * 64);
        Assert.InRange(padded, 0.85 * 8 * 46 * 64, 8 * 46 * 64);
    }

    [Fact]
    public void ValidateEvery_Three_ValidatesThoseAndTheLast()
    {
        var result = TinyRun.Train(_model, TinyRun.Options with { Epochs = 5, ValidateEvery = 3 }, validation: TinyRun.ValidationSet);

        Assert.Equal([3, 5], result.Epochs.Where(epoch => epoch.Validation is not null).Select(epoch => epoch.Epoch));
        Assert.All(result.Epochs, epoch => Assert.Equal(epoch.Validation is null, epoch.ValidationLoss is null));
    }

    [Fact]
    public void MeasureTraining_False_LeavesTheMetricsOut()
    {
        var result = TinyRun.Train(_model, TinyRun.Options with { MeasureTraining = false });

        Assert.All(result.Epochs, epoch => Assert.Null(epoch.Training));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void KeepBest_AWorseLastEpoch_DecidesTheWeights(bool keep)
    {
        // A rate that rises without end makes every epoch worse than the first.
        var options = TinyRun.Options with { Epochs = 4, KeepBest = keep, Optimizer = OptimizerKind.Sgd, Momentum = 0.99, LearningRate = 3, RunFolder = Path.Combine(_folder.Root, "run") };

        var result = TinyRun.Train(_model, options, validation: TinyRun.ValidationSet);

        var best = result.Epochs.MaxBy(epoch => epoch.Validation!.MeanIoU)!;
        Assert.Equal(best.Epoch, result.BestEpoch);
        Assert.True(best.Epoch < 4, "The case needs an epoch that is worse than one before.");
        Assert.Equal(result.Epochs.Where(epoch => epoch.IsBest).Max(epoch => epoch.Epoch), best.Epoch);
        using var expected = Checkpoint.Open(Path.Combine(options.RunFolder, keep ? "best.safetensors" : "last.safetensors"));
        using var copy = TinyNetwork.Create();
        SamCheckpoint.LoadPart(copy, expected, name => name.StartsWith("mask_decoder.", StringComparison.Ordinal));
        Assert.Equal(MiniNetwork.Bytes(copy), MiniNetwork.Bytes(_model));
    }

    [Fact]
    public void EarlyStopping_NoGain_EndsTheRun()
    {
        var options = TinyRun.Options with { Epochs = 9, LearningRate = 1e-30, WeightDecay = 0, EarlyStopping = new EarlyStopping { Patience = 2 } };

        var result = TinyRun.Train(_model, options, validation: TinyRun.ValidationSet);

        Assert.Equal(3, result.Epochs.Count);
        Assert.False(result.Cancelled);
        Assert.Throws<ArgumentException>(() => TinyRun.Train(_model, options, TinyRun.NeverRead()));
    }

    [Fact]
    public void ThreadCount_One_IsTorchs()
    {
        var before = get_num_threads();
        try
        {
            TinyRun.Train(_model, TinyRun.Options with { ThreadCount = 1, Epochs = 1 });

            Assert.Equal(1, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void Device_ThatIsNotThere_IsRefusedBeforeAnyImageIsRead()
    {
        Assert.Contains("cuda:99", Assert.Throws<InvalidOperationException>(() => TinyRun.Train(_model, TinyRun.Options with { Device = "cuda:99" }, TinyRun.NeverRead())).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, Tensor> Weights(SemanticSam model) => model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value);
}
