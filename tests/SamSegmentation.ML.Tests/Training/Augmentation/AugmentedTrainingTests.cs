using System.Text.Json;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Augmentation;
using SamSegmentation.ML.Training.Losses;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Augmentation;

// Alone: live tensors are counted, and new adapters drawn from the process's generator.
[Collection(LiveTensors.Alone)]
public sealed class AugmentedTrainingTests : IDisposable
{
    private static readonly AugmentationOptions s_all = new() { FlipProbability = 0.5, ScaleJitter = true, Brightness = 0.4, Contrast = 0.4, Saturation = 0.4, Hue = 0.1 };

    private readonly TestFolder _folder = new();

    public static TheoryData<TrainingOptions> Ways => new()
    {
        TinyRun.Options with { Augmentation = s_all with { Views = 3 } },
        TinyRun.Options with { Trained = TrainedParts.DecoderAndAdapters, Adapters = new AdapterOptions { FirstBlock = 1 }, Augmentation = s_all with { Views = 3 } },
        TinyRun.Options with { Trained = TrainedParts.DecoderAndAdapters, Augmentation = s_all },
        TinyRun.Options with { Trained = TrainedParts.Everything, Augmentation = s_all },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void Train_SameSeed_IsTheSameRunAndAnotherSeedIsNot(TrainingOptions options)
    {
        var (losses, weights) = Run(options);
        var (again, weightsAgain) = Run(options);
        var (others, _) = Run(options with { Seed = 6 });
        var (plain, _) = Run(options with { Augmentation = new() });

        Assert.Equal(losses, again);
        Assert.Equal(weights, weightsAgain);
        Assert.NotEqual(losses, others);
        Assert.NotEqual(losses, plain);

        static (double[] Losses, Dictionary<string, byte[]> Weights) Run(TrainingOptions options)
        {
            using var model = TinyNetwork.Create();
            var losses = TinyRun.Train(model, options).Epochs.Select(epoch => epoch.TrainingLoss).ToArray();
            return (losses, MiniNetwork.Bytes(model));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Train_Augmented_LeavesValidationAsItIs(TrainingOptions options)
    {
        // A rate that changes nothing: what differs then is the images alone.
        var still = options with { Epochs = 1, LearningRate = 1e-30, WeightDecay = 0 };
        var (augmented, plain) = (Run(still), Run(still with { Augmentation = new() }));

        Assert.Equal(plain.ValidationLoss, augmented.ValidationLoss);
        Assert.NotEqual(plain.TrainingLoss, augmented.TrainingLoss);

        static EpochMetrics Run(TrainingOptions options)
        {
            using var model = TinyNetwork.Create();
            return TinyRun.Train(model, options, validation: TinyRun.ValidationSet).Epochs[0];
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Train_Augmented_LeavesNoTensorAlive(TrainingOptions options)
    {
        using var model = TinyNetwork.Create();
        // The network keeps what its first use makes, and its adapters.
        TinyRun.Train(model, options with { Epochs = 1 });
        var before = LiveTensors.Count();
        var most = 0L;

        TinyRun.Train(model, options, progress: progress => most = Math.Max(most, progress.Stage == TrainingStage.Preparing ? Tensor.TotalCount : 0));

        Assert.Equal(before, LiveTensors.Count());
        // While views are made: those read ahead, written behind and in the encoder, and not all 24.
        Assert.InRange(most, before, before + 15);
    }

    [Fact]
    public void Train_CachedViews_AreComputedOnceForAllSeeds()
    {
        using var model = TinyNetwork.Create();
        var options = TinyRun.Options with { CacheFolder = Path.Combine(_folder.Root, "cache"), Augmentation = s_all with { Views = 3 }, SaveModel = false, Epochs = 1 };

        Assert.Equal((8, 3, 24, 3), Run(options, "first"));
        Assert.Equal((8, 3, 0, 0), Run(options, "again"));
        Assert.Equal((8, 3, 0, 0), Run(options with { Seed = 7 }, "another seed"));
        // The images themselves are the first views, and those of fewer views are the same.
        Assert.Equal((8, 1, 0, 0), Run(options with { Augmentation = new() }, "plain"));
        Assert.Equal((8, 4, 8, 0), Run(options with { Augmentation = s_all with { FlipProbability = 1, Views = 4 } }, "one more", flipsBefore: true));

        (int, int, int, int) Run(TrainingOptions options, string name, bool flipsBefore = false)
        {
            if (flipsBefore)
                TinyRun.Train(model, options with { Augmentation = options.Augmentation with { Views = 3 } });
            TinyRun.Train(model, options with { RunFolder = Path.Combine(_folder.Root, name) }, validation: TinyRun.ValidationSet);
            var start = JsonDocument.Parse(File.ReadLines(Path.Combine(_folder.Root, name, "log.jsonl")).First()).RootElement;
            var (training, validation) = (start.GetProperty("training"), start.GetProperty("validation"));
            Assert.Equal((3, 1), (validation.GetProperty("images").GetInt32(), validation.GetProperty("views").GetInt32()));
            return (training.GetProperty("images").GetInt32(), training.GetProperty("views").GetInt32(), training.GetProperty("computed").GetInt32(), validation.GetProperty("computed").GetInt32());
        }
    }

    [Fact]
    public void Train_WeightsFromFrequencies_CountTheImagesThemselves()
    {
        // Scaled to a quarter most of the views is void; the weights are still those of the whole images.
        var small = new AugmentationOptions { ScaleJitter = true, MinScale = 0.25, MaxScale = 0.25, Views = 2 };
        var options = TinyRun.Options with { Epochs = 1, LearningRate = 1e-30, WeightDecay = 0, Loss = LossOptions.Parse("cross_entropy(class_weights=median_frequency)") };
        using var model = TinyNetwork.Create();

        var plain = TinyRun.Train(model, options, validation: TinyRun.ValidationSet).Epochs[0];
        var augmented = TinyRun.Train(model, options with { Augmentation = small }, validation: TinyRun.ValidationSet).Epochs[0];

        // The weights show in the validation loss.
        Assert.Equal(plain.ValidationLoss, augmented.ValidationLoss);
        Assert.NotEqual(plain.TrainingLoss, augmented.TrainingLoss);
    }

    [Fact]
    public void Train_FrozenEncoderWithViews_TakesOneViewOfEachImageInAnEpoch()
    {
        using var model = TinyNetwork.Create();

        var result = TinyRun.Train(model, TinyRun.Options with { Augmentation = s_all with { Views = 3 } });

        Assert.Equal(4, result.Steps);
    }
}
