using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Training;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training;

public sealed class SegmentationTrainerTests
{
    private const string Hypernetworks = "mask_decoder.output_hypernetworks_mlps.";
    private const string IouHead = "mask_decoder.iou_prediction_head.";

    [Fact]
    public void Train_WholeDecoder_LearnsTheScenes()
    {
        using var model = TinyNetwork.Create();

        var result = TinyRun.Train(model, TinyRun.Options with { Epochs = 25, LearningRate = 1e-2 }, TinyRun.Scenes(0, 24), TinyRun.ValidationSet);

        Assert.Equal(25, result.Epochs.Count);
        Assert.Equal(25 * 6, result.Steps);
        Assert.False(result.Cancelled);
        var (first, last) = (result.Epochs[0], result.Epochs[^1]);
        Assert.True(last.TrainingLoss < 0.4 * first.TrainingLoss, $"{first.TrainingLoss} → {last.TrainingLoss}");
        Assert.True(last.ValidationLoss < 0.5 * first.ValidationLoss, $"{first.ValidationLoss} → {last.ValidationLoss}");
        // The frozen encoder is a random one. Grey everywhere would have a third of 0.85.
        Assert.True(last.Validation!.MeanIoU > 0.45, last.Validation.ToTable());
        Assert.True(last.Training!.MeanIoU > 0.45, last.Training.ToTable());
    }

    [Fact]
    public void Train_Everything_LearnsTheScenes()
    {
        using var model = TinyNetwork.Create();

        var result = TinyRun.Train(model, TinyRun.Options with { Epochs = 12, Trained = TrainedParts.Everything, Augmentation = new() { FlipProbability = 0.5 } }, TinyRun.Scenes(0, 24), TinyRun.ValidationSet);

        var (first, last) = (result.Epochs[0], result.Epochs[^1]);
        Assert.True(last.TrainingLoss < 0.5 * first.TrainingLoss, $"{first.TrainingLoss} → {last.TrainingLoss}");
        Assert.True(last.Validation!.MeanIoU > 0.5, last.Validation.ToTable());
    }

    [Theory]
    [InlineData(TrainedParts.Hypernetworks)]
    [InlineData(TrainedParts.Decoder)]
    [InlineData(TrainedParts.Everything)]
    public void Train_AnyParts_ChangesThoseAndNothingElse(TrainedParts parts)
    {
        using var model = TinyNetwork.Create();
        model.prompt_encoder!.parameters().First().requires_grad = false;
        var wanted = model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.requires_grad);
        var before = MiniNetwork.Bytes(model);

        TinyRun.Train(model, TinyRun.Options with { Trained = parts, WeightDecay = 0.1 });

        var after = MiniNetwork.Bytes(model);
        var changed = after.Keys.Where(name => !before[name].AsSpan().SequenceEqual(after[name])).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(before.Keys.Where(name => Belongs(name, parts)).Order(StringComparer.Ordinal), changed);
        Assert.Equal(wanted, model.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.requires_grad));
        Assert.False(model.training);
        // In old versions of TorchSharp a Sequential hands the mode on and does not keep it itself.
        Assert.All(model.named_modules().Where(pair => pair.module is not Sequential), pair => Assert.False(pair.module.training, pair.name));
    }

    [Theory]
    [InlineData(TrainedParts.Decoder, 0)]
    [InlineData(TrainedParts.Everything, 0.5)]
    public void Train_SameSeed_GivesTheSameLossesAndWeights(TrainedParts parts, double flips)
    {
        var options = TinyRun.Options with { Trained = parts, Augmentation = new() { FlipProbability = flips }, Seed = 5 };
        var (losses, weights) = Run(options);
        var (again, weightsAgain) = Run(options);
        var (others, _) = Run(options with { Seed = 6 });

        Assert.Equal(4, losses.Count);
        Assert.Equal(losses, again);
        Assert.Equal(weights, weightsAgain);
        Assert.NotEqual(losses, others);

        static (List<double> Losses, Dictionary<string, byte[]> Weights) Run(TrainingOptions options)
        {
            using var model = TinyNetwork.Create();
            var losses = new List<double>();
            TinyRun.Train(model, options, progress: progress => losses.AddRange(progress.Loss is { } loss ? [loss] : []));
            return (losses, MiniNetwork.Bytes(model));
        }
    }

    [Fact]
    public void Train_Progress_TellsEveryStageInOrder()
    {
        using var model = TinyNetwork.Create();
        var reports = new List<TrainingProgress>();

        TinyRun.Train(model, TinyRun.Options, validation: TinyRun.ValidationSet, progress: reports.Add);

        Assert.All(reports, report => Assert.Equal(2, report.Epochs));
        Assert.Equal(new TrainingProgress { Stage = TrainingStage.Preparing, Total = 8, Epochs = 2 }, reports[0]);
        Assert.Contains(new TrainingProgress { Stage = TrainingStage.Preparing, Done = 8, Total = 8, Epochs = 2 }, reports);
        Assert.Contains(new TrainingProgress { Stage = TrainingStage.PreparingValidation, Done = 3, Total = 3, Epochs = 2 }, reports);
        Assert.Contains(new TrainingProgress { Stage = TrainingStage.Validation, Done = 3, Total = 3, Epoch = 2, Epochs = 2 }, reports);
        var steps = reports.Where(report => report.Loss is not null).ToArray();
        Assert.Equal([(1, 1), (1, 2), (2, 1), (2, 2)], steps.Select(step => (step.Epoch, step.Done)));
        Assert.All(steps, step => Assert.Equal((2, TinyRun.Options.LearningRate, TrainingStage.Training), (step.Total, step.LearningRate, step.Stage)));
        Assert.Equal([1, 2], reports.Select(report => report.Completed?.Epoch).OfType<int>());
        Assert.Equal(2, reports[^1].Completed?.Epoch);
    }

    [Fact]
    public void Train_ALongStream_IsEnumeratedOnceAndNotKept()
    {
        using var model = TinyNetwork.Create();
        var alive = new List<WeakReference>();
        var (enumerations, most) = (0, 0);

        var result = TinyRun.Train(model, TinyRun.Options with { Epochs = 1 }, Stream(40));

        Assert.Equal(1, enumerations);
        Assert.Equal(10, result.Steps);
        Assert.InRange(most, 1, 8);

        IEnumerable<LabeledImage> Stream(int count)
        {
            enumerations++;
            for (var i = 0; i < count; i++)
            {
                yield return Next(i);
                GC.Collect();
                most = Math.Max(most, alive.Count(reference => reference.IsAlive));
            }
        }

        LabeledImage Next(int seed)
        {
            var scene = TinyRun.Scene(seed);
            alive.Add(new WeakReference(scene.Image));
            return scene;
        }
    }

    [Fact]
    public void Train_NoGainForAsLongAsItsPatience_StopsEarly()
    {
        using var model = TinyNetwork.Create();
        var options = TinyRun.Options with { Epochs = 9, LearningRate = 1e-30, EarlyStopping = new EarlyStopping { Patience = 2 } };

        var result = TinyRun.Train(model, options, validation: TinyRun.ValidationSet);

        Assert.Equal([1, 2, 3], result.Epochs.Select(epoch => epoch.Epoch));
        Assert.Equal((1, false), (result.BestEpoch, result.Cancelled));
        Assert.Contains("validation set", Assert.Throws<ArgumentException>(() => TinyRun.Train(model, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_EmptySet_IsRefused()
    {
        using var model = TinyNetwork.Create();

        Assert.Contains("training set", Assert.Throws<DatasetException>(() => TinyRun.Train(model, TinyRun.Options, [])).Message, StringComparison.Ordinal);
        Assert.Contains("validation set", Assert.Throws<DatasetException>(() => TinyRun.Train(model, TinyRun.Options, validation: [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_LabelOfAnotherSize_NamesTheSampleAndBothSizes()
    {
        using var model = TinyNetwork.Create();
        var odd = TinyRun.Scene(1) with { Id = "odd one", Label = new LabelMap(40, 55) };

        var error = Assert.Throws<DatasetException>(() => TinyRun.Train(model, TinyRun.Options, [TinyRun.Scene(0), odd]));

        Assert.Contains("'odd one'", error.Message, StringComparison.Ordinal);
        Assert.Contains("55×40", error.Message, StringComparison.Ordinal);
        Assert.Contains("56×40", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_IdOutsideTheClasses_NamesTheSampleAndThePlace()
    {
        using var model = TinyNetwork.Create();
        var odd = TinyRun.Scene(1) with { Id = "odd one" };
        odd.Label[7, 9] = 3;

        var error = Assert.Throws<DatasetException>(() => TinyRun.Train(model, TinyRun.Options, validation: [TinyRun.Scene(0), odd]));

        Assert.Contains("'odd one'", error.Message, StringComparison.Ordinal);
        Assert.Contains("(x 9, y 7)", error.Message, StringComparison.Ordinal);
        Assert.Contains("id 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_OnlyVoid_LosesNothingAndChangesNothing()
    {
        using var model = TinyNetwork.Create();
        var before = MiniNetwork.Bytes(model);
        var blank = new LabelMap(40, 56);
        blank.Ids.AsSpan().Fill(255);
        var losses = new List<double>();

        var result = TinyRun.Train(
            model, TinyRun.Options with { Epochs = 1 }, [TinyRun.Scene(0) with { Label = blank }],
            progress: progress => losses.AddRange(progress.Loss is { } loss ? [loss] : []));

        Assert.Equal([0.0], losses);
        Assert.True(double.IsNaN(result.Epochs[0].TrainingLoss));
        Assert.Equal(before, MiniNetwork.Bytes(model));
    }

    [Fact]
    public void Train_TooHighALearningRate_NamesEpochStepAndRate()
    {
        using var model = TinyNetwork.Create();

        var error = Assert.Throws<TrainingDivergedException>(() => TinyRun.Train(model, TinyRun.Options with { Optimizer = OptimizerKind.Sgd, LearningRate = 1e30 }));

        Assert.Equal((1, 2L, 1e30), (error.Epoch, error.Step, error.LearningRate));
        Assert.Contains("epoch 1, step 2, at the learning rate 1E+30", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_AnotherDType_IsRefused()
    {
        using var model = TinyNetwork.Create();
        model.to(ScalarType.Float64);

        Assert.Contains("Float64", Assert.Throws<InvalidOperationException>(() => TinyRun.Train(model, TinyRun.Options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OtherClassesOrBadOptions_AreRefused()
    {
        using var model = TinyNetwork.Create();

        Assert.Contains("2 class names", Assert.Throws<ArgumentException>(() => new SegmentationTrainer(model, ["a", "b"], TinyRun.Options)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidTrainingOptionsException>(() => new SegmentationTrainer(model, TinyRun.Classes, TinyRun.Options with { Epochs = 0 }));
    }

    private static bool Belongs(string name, TrainedParts parts) => parts switch
    {
        TrainedParts.Hypernetworks => name.StartsWith(Hypernetworks, StringComparison.Ordinal),
        TrainedParts.Decoder => name.StartsWith("mask_decoder.", StringComparison.Ordinal) && !name.StartsWith(IouHead, StringComparison.Ordinal),
        _ => Belongs(name, TrainedParts.Decoder) || name.StartsWith("image_encoder.", StringComparison.Ordinal),
    };
}
