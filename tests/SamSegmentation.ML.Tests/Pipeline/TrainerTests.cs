using Microsoft.Extensions.Options;
using Microsoft.ML;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Tests.Training;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

// Alone: new networks are drawn from the process's generator, which the seed sets.
[Collection(LiveTensors.Alone)]
public sealed class TrainerTests : IDisposable
{
    private readonly SceneFolder _scenes = new(training: 6, validation: 2);
    private readonly MLContext _context = new(seed: 1);

    private static SamTrainerOptions Options => QuickTraining.Options;

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public void Fit_UsersCode_TrainsEvaluatesSavesAndLoads()
    {
        var checkpoint = SaveNetwork("sam.safetensors", ClassList.Voc.Names);
        var zip = _scenes.PathOf("voc.zip");

        // The first page of the documentation, but for the paths and the length of the training.
        var ml = new MLContext(seed: 1);
        IDataView train = ml.Segmentation().LoadVoc(_scenes.Root, VocSplit.Train);
        IDataView val = ml.Segmentation().LoadVoc(_scenes.Root, VocSplit.Val);
        var trainer = ml.Segmentation().Trainers.Sam(new SamTrainerOptions { Checkpoint = checkpoint, ValidationSet = val, Epochs = 2 });
        using var model = trainer.Fit(train);
        SegmentationMetrics metrics = ml.Segmentation().Evaluate(model.Transform(val));
        ml.Model.Save(model, train.Schema, zip);

        Assert.InRange(metrics.MeanIoU, 0, 1);
        Assert.Equal(ClassList.Voc.Names, metrics.PerClass.Select(item => item.Name));
        Assert.Equal(metrics.Pixels, metrics.ConfusionMatrix.Sum(row => row.Sum()));
        using var loaded = (SamSemanticSegmentationTransformer)ml.Model.Load(zip, out _);
        Assert.Equal(metrics.ConfusionMatrix, ml.Segmentation().Evaluate(loaded.Transform(val)).ConfusionMatrix);
    }

    [Fact]
    public void Fit_Scenes_LearnsThem()
    {
        using var many = new SceneFolder(training: 24, validation: 0);
        var data = many.Load(_context);
        var epochs = new List<EpochMetrics>();
        using var model = _context.Segmentation().Trainers.Sam(Options with { Epochs = 25, LearningRate = 1e-2, MetricsCallback = epochs.Add, BatchSize = 4 }).Fit(data);
        Assert.Equal(Enumerable.Range(1, 25), epochs.Select(epoch => epoch.Epoch));
        Assert.True(epochs[^1].TrainingLoss < 0.5 * epochs[0].TrainingLoss, $"{epochs[0].TrainingLoss} → {epochs[^1].TrainingLoss}");
        Assert.True(_context.Segmentation().Evaluate(model.Transform(data)).MeanIoU > 0.4);
    }

    [Fact]
    public void Fit_SeedOfContextAndOptions_DecideTheModel()
    {
        Assert.Equal(Losses(new MLContext(seed: 3), Options), Losses(new MLContext(seed: 3), Options));
        Assert.NotEqual(Losses(new MLContext(seed: 3), Options), Losses(new MLContext(seed: 4), Options));
        Assert.Equal(Losses(new MLContext(seed: 3), Options with { Seed = 9 }), Losses(new MLContext(seed: 4), Options with { Seed = 9 }));
        Assert.NotEqual(Losses(new MLContext(), Options), Losses(new MLContext(), Options));

        List<double> Losses(MLContext context, SamTrainerOptions options)
        {
            var losses = new List<double>();
            context.Segmentation().Trainers.Sam(options with { MetricsCallback = epoch => losses.Add(epoch.TrainingLoss) }).Fit(_scenes.Load(context)).Dispose();
            return losses;
        }
    }

    [Fact]
    public void Fit_AnyNumberOfEpochs_PassesOverTheDataOnceAndDisposesItsCursors()
    {
        var training = new CountingView(_scenes.Load(_context));
        var validation = new CountingView(_scenes.Load(_context));
        _context.Segmentation().Trainers.Sam(Options with { Epochs = 3, ValidationSet = validation }).Fit(training).Dispose();
        Assert.Equal((1, 1), (training.Opened, training.Disposed));
        Assert.Equal((1, 1), (validation.Opened, validation.Disposed));
        Assert.Equal(["Id", "Image", "Label"], training.Columns);
    }

    [Fact]
    public void Fit_Log_HasALineAnEpochAndProgressAStage()
    {
        var lines = new List<string>();
        _context.Log += (_, e) => lines.Add($"{e.Kind} {e.Source} {e.RawMessage}");
        _context.Segmentation().Trainers.Sam(Options with { ValidationSet = _scenes.Load(_context) }).Fit(_scenes.Load(_context)).Dispose();
        var epochs = lines.Where(line => line.StartsWith("Info", StringComparison.Ordinal) && line.Contains("Epoch ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, epochs.Count);
        Assert.All(epochs, line => Assert.Contains("SamSemanticSegmentationTrainer", line, StringComparison.Ordinal));
        Assert.Contains("Epoch 2 of 2: loss ", epochs[1], StringComparison.Ordinal);
        Assert.Contains("validation mIoU ", epochs[1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("Reading the training set", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("3 classes on cpu, seed 1", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_ValidationSetFraction_HoldsRowsOut()
    {
        var epochs = new List<EpochMetrics>();
        _context.Segmentation().Trainers.Sam(Options with { ValidationSetFraction = 0.4, MetricsCallback = epochs.Add }).Fit(_scenes.Load(_context)).Dispose();
        var whole = new List<EpochMetrics>();
        _context.Segmentation().Trainers.Sam(Options with { MetricsCallback = whole.Add, ValidationSet = _scenes.Load(_context) }).Fit(_scenes.Load(_context)).Dispose();
        Assert.All(epochs, epoch => Assert.InRange(epoch.Validation!.Pixels, 1, whole[0].Validation!.Pixels - 1));
    }

    [Fact]
    public void Fit_EarlyStopping_EndsBeforeTheLastEpoch()
    {
        var epochs = new List<EpochMetrics>();
        var options = Options with { Epochs = 9, LearningRate = 1e-30, ValidationSet = _scenes.Load(_context), EarlyStopping = new EarlyStopping { Patience = 1 }, MetricsCallback = epochs.Add };
        _context.Segmentation().Trainers.Sam(options).Fit(_scenes.Load(_context)).Dispose();
        Assert.Equal(2, epochs.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public void Fit_CancelledAndResumed_GivesTheModelOfARunThatWasNot(int? seed)
    {
        // Without a seed, the run that goes on has that with which it was begun.
        var context = new MLContext(seed);
        var options = Options with { Epochs = 4, WorkspacePath = _scenes.PathOf("run"), ValidationSet = _scenes.Load(context), KeepTop = 1, EmaDecay = 0.5 };
        using var cancellation = new CancellationTokenSource();
        var before = new List<double>();
        Assert.Throws<OperationCanceledException>(() => context.Segmentation().Trainers.Sam(options with
        {
            CancellationToken = cancellation.Token,
            MetricsCallback = epoch =>
            {
                before.Add(epoch.TrainingLoss);
                if (epoch.Epoch == 2)
                    cancellation.Cancel();
            },
        }).Fit(_scenes.Load(context)));
        var (after, again, whole) = (new List<double>(), new List<double>(), new List<double>());
        var messages = new List<string>();
        context.Log += (_, entry) => messages.Add(entry.Message);

        using var resumed = context.Segmentation().Trainers.Sam(options with { Resume = true, MetricsCallback = epoch => after.Add(epoch.TrainingLoss) }).Fit(_scenes.Load(context));
        using var finished = context.Segmentation().Trainers.Sam(options with { Resume = true, MetricsCallback = epoch => again.Add(epoch.TrainingLoss) }).Fit(_scenes.Load(context));
        var ran = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_scenes.PathOf("run/options.json"))).RootElement.GetProperty("Seed").GetInt32();
        using var other = context.Segmentation().Trainers.Sam(options with { WorkspacePath = null, KeepTop = 0, Seed = ran, MetricsCallback = epoch => whole.Add(epoch.TrainingLoss) }).Fit(_scenes.Load(context));

        Assert.Equal(whole, [.. before, .. after]);
        Assert.Empty(again);
        Assert.Equal(MiniNetwork.Bytes(other.Model.Network), MiniNetwork.Bytes(resumed.Model.Network));
        Assert.Equal(MiniNetwork.Bytes(other.Model.Network), MiniNetwork.Bytes(finished.Model.Network));
        Assert.Contains(messages, message => message.Contains("The run goes on after 2 epochs, 6 steps", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.Contains("The run had come to its end after 4 epochs, 12 steps; nothing is trained", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_Cancelled_ThrowsAndKeepsWhatIsOnDisk()
    {
        using var cancellation = new CancellationTokenSource();
        var (workspace, cache) = (_scenes.PathOf("run"), _scenes.PathOf("cache"));
        var options = Options with
        {
            Epochs = 9,
            WorkspacePath = workspace,
            CacheFolder = cache,
            CancellationToken = cancellation.Token,
            MetricsCallback = epoch => { if (epoch.Epoch == 2) cancellation.Cancel(); },
        };
        var error = Assert.Throws<OperationCanceledException>(() => _context.Segmentation().Trainers.Sam(options).Fit(_scenes.Load(_context)));
        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.Contains("2 epochs", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(workspace, "last.safetensors")));
        Assert.NotEmpty(Directory.EnumerateFiles(cache, "*.safetensors", SearchOption.AllDirectories));
        Assert.Throws<OperationCanceledException>(() => _context.Segmentation().Trainers.Sam(options with { WorkspacePath = null }).Fit(_scenes.Load(_context)));
    }

    [Fact]
    public void Fit_FailureInALaterRow_LeavesTheCacheUsable()
    {
        var cache = _scenes.PathOf("cache");
        var data = _scenes.Load(_context);
        var intact = File.ReadAllBytes(_scenes.ImagePath(5));
        File.WriteAllBytes(_scenes.ImagePath(5), intact[..50]);
        var error = Assert.Throws<SegmentationDataException>(() => _context.Segmentation().Trainers.Sam(Options with { CacheFolder = cache }).Fit(data));
        Assert.Equal(("Image", 5), (error.Column, error.Row));
        var before = Directory.EnumerateFiles(cache, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc);
        Assert.NotEmpty(before);
        File.WriteAllBytes(_scenes.ImagePath(5), intact);
        _context.Segmentation().Trainers.Sam(Options with { CacheFolder = cache }).Fit(data).Dispose();
        Assert.All(before, file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(file.Key)));
    }

    [Fact]
    public void Fit_Checkpoint_StartsFromItsWeights()
    {
        var same = SaveNetwork("same.safetensors", SceneFolder.Classes.Names);
        var other = SaveNetwork("other.safetensors", ["a", "b"]);
        using var network = TinyNetwork.Create();
        foreach (var (file, hypernetworksToo) in new[] { (same, true), (other, false) })
        {
            using var model = _context.Segmentation().Trainers.Sam(Options with { Config = null, Checkpoint = file, Epochs = 1, LearningRate = 1e-30, WeightDecay = 0 }).Fit(_scenes.Load(_context));
            var (expected, actual) = (MiniNetwork.Bytes(network), MiniNetwork.Bytes(model.Model.Network));
            var differing = expected.Keys.Where(name => !expected[name].AsSpan().SequenceEqual(actual[name])).ToList();
            Assert.All(differing, name => Assert.StartsWith("mask_decoder.output_hypernetworks_mlps.", name, StringComparison.Ordinal));
            Assert.Equal(hypernetworksToo, differing.Count == 0);
        }
        var mismatch = Assert.Throws<CheckpointMismatchException>(() => _context.Segmentation().Trainers.Sam(Options with { Config = null, Checkpoint = same, Variant = SamVariant.VitB }).Fit(_scenes.Load(_context)));
        Assert.Contains(same, mismatch.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => _context.Segmentation().Trainers.Sam(Options with { Config = null, Checkpoint = _scenes.PathOf("none.pth") }).Fit(_scenes.Load(_context)));
    }

    [Fact]
    public void Fit_WithoutSavingTheEncoder_LoadsWithTheCheckpoint()
    {
        var checkpoint = SaveNetwork("sam.safetensors", SceneFolder.Classes.Names);
        var data = _scenes.Load(_context);
        using var model = _context.Segmentation().Trainers.Sam(Options with { Config = null, Checkpoint = checkpoint, SaveEncoder = false }).Fit(data);
        Assert.False(model.SavesEncoder);
        _context.Model.Save(model, data.Schema, _scenes.PathOf("model.zip"));
        using var loaded = (SamSemanticSegmentationTransformer)new MLContext().Model.Load(_scenes.PathOf("model.zip"), out _);
        Assert.Equal(Rows.Vectors<byte>(model.Transform(data), "PredictedLabel"), Rows.Vectors<byte>(loaded.Transform(data), "PredictedLabel"));
    }

    [Fact]
    public void Fit_GpuThatIsNotThere_FollowsFallbackToCpu()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "This machine has a GPU.");
        var data = _scenes.Load(_context);
        var strict = new MLContext { GpuDeviceId = 3, FallbackToCpu = false };
        Assert.Contains("GpuDeviceId is 3", Assert.Throws<InvalidOperationException>(() => strict.Segmentation().Trainers.Sam(Options).Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("'cuda:1'", Assert.Throws<InvalidOperationException>(() => _context.Segmentation().Trainers.Sam(Options with { Device = "cuda:1" }).Fit(data)).Message, StringComparison.Ordinal);
        strict.FallbackToCpu = true;
        strict.Segmentation().Trainers.Sam(Options with { Epochs = 1 }).Fit(data).Dispose();
    }

    [Fact]
    public void Sam_ShortOverload_TakesItsArguments()
    {
        var options = _context.Segmentation().Trainers.Sam("L", "I", "P", "sam.pth", epochs: 3).Options;
        Assert.Equal(("L", "I", "P", "sam.pth", 3, (SamVariant?)null), (options.LabelColumnName, options.ImageColumnName, options.PredictedLabelColumnName, options.Checkpoint, options.Epochs, options.Variant));
        Assert.Equal(SamVariant.VitB, _context.Segmentation().Trainers.Sam().Options.Variant);
        Assert.Throws<OptionsValidationException>(() => _context.Segmentation().Trainers.Sam("", epochs: 0));
    }

    [Fact]
    public void CrossValidate_Folds_CoverTheDataOnce()
    {
        var data = _scenes.Load(_context);
        var results = _context.Segmentation().CrossValidate(data, _context.Segmentation().Trainers.Sam(Options with { Epochs = 1 }), numberOfFolds: 2, seed: 1);
        Assert.Equal([0, 1], results.Select(result => result.Fold));
        Assert.Equal(_scenes.Ids, results.SelectMany(result => Rows.Texts(result.ScoredHoldOutSet, "Id")).Order());
        var whole = _context.Segmentation().Evaluate(data, "Label", "Label");
        Assert.Equal(whole.Pixels, results.Sum(result => result.Metrics.Pixels));
        foreach (var result in results)
            ((IDisposable)result.Model).Dispose();
    }

    private string SaveNetwork(string name, IReadOnlyList<string> classes)
    {
        using var network = TinyNetwork.Create(classes.Count);
        SamCheckpoint.SaveModel(network, _scenes.PathOf(name), new SavedModelInfo { Config = network.Config, ClassNames = classes, Preprocessing = "Sam" });
        return _scenes.PathOf(name);
    }
}
