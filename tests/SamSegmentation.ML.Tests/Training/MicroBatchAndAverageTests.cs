using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Optimization;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>Micro-batches change memory, not results; the average of the weights is what is measured and kept.</summary>
public sealed class MicroBatchAndAverageTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, TrainedParts.Decoder)]
    [InlineData(3, TrainedParts.Everything)]
    [InlineData(3, TrainedParts.DecoderAndAdapters)]
    public void MicroBatchSize_BatchInPieces_GivesTheWholeBatchsLossesAndWeights(int size, TrainedParts trained)
    {
        // SGD at a rate of 1, one step: the update is the gradient itself. Images with different numbers of valid pixels, and one without any.
        var scenes = TinyRun.Scenes(0, 8).ToArray();
        scenes[2].Label.Ids.AsSpan().Fill(255);
        scenes[5].Label.Ids.AsSpan(0, 1500).Fill(255);
        var options = TinyRun.Options with { Trained = trained, Optimizer = OptimizerKind.Sgd, Momentum = 0, LearningRate = 1, WeightDecay = 0, BatchSize = 8, Epochs = 1 };
        using var whole = TinyNetwork.Create();
        using var pieces = TinyNetwork.Create();
        using var untrained = TinyNetwork.Create();

        var expected = TinyRun.Train(whole, options, scenes);
        var actual = TinyRun.Train(pieces, options with { MicroBatchSize = size }, scenes);

        Assert.All(expected.Epochs.Zip(actual.Epochs), pair => Assert.Equal(pair.First.TrainingLoss, pair.Second.TrainingLoss, 1e-6));
        using var scope = NewDisposeScope();
        var start = untrained.state_dict();
        foreach (var ((name, one), (_, other)) in whole.state_dict().Zip(pieces.state_dict()))
            Assert.True((one - other).abs().max().ToDouble() < 1e-5, name);
        Assert.Contains(whole.state_dict(), pair => start.TryGetValue(pair.Key, out var before) && (pair.Value - before).abs().max().ToDouble() > 1e-3);
    }

    // These look at all pixels of a batch at once: the hardest of them, or their order.
    [Theory]
    [InlineData("lovasz", null)]
    [InlineData("ohem(threshold=0.3,min_kept=200)", null)]
    [InlineData("dice", null)]
    [InlineData("0.5*cross_entropy+lovasz", 0.01)]
    public void MicroBatchSize_LossesOfTheWholeBatch_AreThoseOfTheWholeBatch(string loss, double? clippingNorm)
    {
        var options = TinyRun.Options with
        {
            Optimizer = OptimizerKind.Sgd,
            Momentum = 0,
            LearningRate = 1,
            WeightDecay = 0,
            BatchSize = 8,
            Epochs = 1,
            Loss = LossOptions.Parse(loss),
            ClippingNorm = clippingNorm,
        };
        using var whole = TinyNetwork.Create();
        using var pieces = TinyNetwork.Create();
        using var untrained = TinyNetwork.Create();

        var expected = TinyRun.Train(whole, options).Epochs[0].TrainingLoss;
        var actual = TinyRun.Train(pieces, options with { MicroBatchSize = 3 }).Epochs[0].TrainingLoss;

        Assert.Equal(expected, actual, 1e-5);
        using var scope = NewDisposeScope();
        var (start, one, other) = (untrained.state_dict(), whole.state_dict(), pieces.state_dict());
        var (update, difference) = (Norm(start, one), Norm(one, other));
        Assert.True(update > 1e-3 && difference < 1e-3 * update, $"The update is {update}, the difference {difference}.");
        if (clippingNorm is { } norm)
            Assert.Equal(norm, update, 0.02 * norm);

        static double Norm(Dictionary<string, Tensor> a, Dictionary<string, Tensor> b) =>
            Math.Sqrt(a.Sum(pair => (pair.Value - b[pair.Key]).pow(2).sum().ToDouble()));
    }

    [Fact]
    public void MicroBatchSize_TwoOfFiveImages_AreAllThatTheNetworkSeesAtOnce()
    {
        using var weight = nn.Parameter(ones(1));
        var options = TinyRun.Options with { Optimizer = OptimizerKind.Sgd, Momentum = 0, LearningRate = 1, WeightDecay = 0 };
        using var optimizer = new StepOptimizer(ParameterGroup.Divide([("w", weight)], options), options);
        var geometry = ImageGeometry.Of(4, 4, 4, Preprocessing.Stretch);
        var seen = new List<long>();
        var step = TestStep.Make(inputs => { seen.Add(inputs.shape[0]); return inputs * weight; }, optimizer, microBatch: 2);
        using var batch = TestStep.Batch(geometry, images: 5);

        step.Take(batch, 1);

        Assert.Equal([2, 2, 1, 2, 2, 1], seen);
    }

    [Fact]
    public void Update_Steps_FollowTheRuleWithItsWarmUp()
    {
        using var weight = nn.Parameter(zeros(1, dtype: ScalarType.Float64));
        using var average = new WeightAverage([weight], decay: 0.4);
        var expected = 0.0;
        for (var n = 1; n <= 12; n++)
        {
            using (no_grad())
                weight.fill_(n * n);
            average.Update(n);
            // The warm-up ends after step 5.
            var decay = n <= 5 ? (1.0 + n) / (10 + n) : 0.4;
            expected = decay * expected + (1 - decay) * n * n;
            Assert.Equal(expected, Assert.Single(average.Tensors).ToDouble(), 1e-12);
        }
        using (average.PutInPlace())
            Assert.Equal(expected, weight.ToDouble(), 1e-12);
        Assert.Equal(144, weight.ToDouble());
    }

    [Fact]
    public void EmaDecay_ARun_StepsAsWithoutAndEndsWithTheAverages()
    {
        using var plain = TinyNetwork.Create();
        using var averaged = TinyNetwork.Create();
        var options = TinyRun.Options with { Epochs = 3, KeepBest = false };

        var without = TinyRun.Train(plain, options, validation: TinyRun.ValidationSet);
        var with = TinyRun.Train(averaged, options with { EmaDecay = 0.999 }, validation: TinyRun.ValidationSet);

        // The steps are the same, what is measured is not.
        Assert.Equal(without.Epochs.Select(epoch => epoch.TrainingLoss), with.Epochs.Select(epoch => epoch.TrainingLoss));
        Assert.All(without.Epochs.Zip(with.Epochs), pair => Assert.NotEqual(pair.First.ValidationLoss, pair.Second.ValidationLoss));
        // The network that is left is the one that was measured last.
        var again = TinyRun.Train(averaged, options with { Epochs = 1, Optimizer = OptimizerKind.Sgd, LearningRate = 1e-30, WeightDecay = 0 }, validation: TinyRun.ValidationSet);
        Assert.Equal(with.Epochs[^1].ValidationLoss!.Value, again.Epochs[0].ValidationLoss!.Value, 1e-6);
    }

    [Fact]
    public void EmaDecay_ABestEpochBeforeTheLast_EndsWithThatEpochsAverages()
    {
        // A rate that rises without end makes every epoch worse than one before.
        var options = TinyRun.Options with
        {
            Epochs = 5,
            EmaDecay = 0.5,
            Optimizer = OptimizerKind.Sgd,
            Momentum = 0.99,
            LearningRate = 3,
            RunFolder = Path.Combine(_folder.Root, "run"),
            SaveModel = false,
        };
        using var model = TinyNetwork.Create();
        var measured = new Dictionary<int, Dictionary<string, byte[]>>();

        var result = TinyRun.Train(model, options, validation: TinyRun.ValidationSet, progress: progress =>
        {
            if (progress is { Stage: TrainingStage.Validation, Done: 3 })
                measured[progress.Epoch] = MiniNetwork.Bytes(model);
        });

        var best = result.BestEpoch!.Value;
        Assert.True(best < 5, "The case needs an epoch that is worse than one before.");
        Assert.Equal(measured[best], MiniNetwork.Bytes(model));
        AssertHolds(measured[best], "best.safetensors");
        AssertHolds(measured[5], "last.safetensors");
    }

    [Fact]
    public void EmaDecay_CancelledInAnEpoch_LeavesTheAveragesOfThatStep()
    {
        const string Name = "mask_decoder.output_upscaling.0.weight";
        var options = TinyRun.Options with { EmaDecay = 0.6, RunFolder = Path.Combine(_folder.Root, "run"), KeepBest = false };
        using var model = TinyNetwork.Create();
        using var cancellation = new CancellationTokenSource();
        using var scope = NewDisposeScope();
        var parameter = model.state_dict()[Name].detach();
        var average = parameter.clone();

        var result = TinyRun.Train(
            model, options, validation: TinyRun.ValidationSet,
            progress: progress =>
            {
                if (progress.Loss is null)
                    return;
                var step = 2 * (progress.Epoch - 1) + progress.Done;
                var decay = Math.Min(0.6, (1.0 + step) / (10 + step));
                average.mul_(decay).add_(parameter * (1 - decay));
                if (step == 3)
                    cancellation.Cancel();
            },
            cancellation: cancellation.Token);

        Assert.Equal((true, 3L), (result.Cancelled, result.Steps));
        Assert.Equal(average.bytes.ToArray(), MiniNetwork.Bytes(model)[Name]);
        AssertHolds(MiniNetwork.Bytes(model), "last.safetensors");
    }

    private void AssertHolds(Dictionary<string, byte[]> weights, string file)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(_folder.Root, "run", file));
        using var copy = TinyNetwork.Create();
        SamCheckpoint.LoadPart(copy, checkpoint, name => name.StartsWith("mask_decoder.", StringComparison.Ordinal));
        Assert.Equal(weights, MiniNetwork.Bytes(copy));
    }
}
