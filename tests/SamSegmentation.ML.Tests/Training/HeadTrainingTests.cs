using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Tests.Modeling.Heads;
using SamSegmentation.ML.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training;

[Collection(LiveTensors.Alone)]
public sealed class HeadTrainingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<HeadConfig> Heads => HeadNetworks.All;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Heads))]
    public void Train_AnyHead_LowersTheLossAndChangesTheHeadAlone(HeadConfig head)
    {
        using var model = HeadNetworks.Create(head);
        var before = MiniNetwork.Bytes(model);

        var epochs = TinyRun.Train(model, TinyRun.Options with { Epochs = 12, LearningRate = 1e-2 }, validation: TinyRun.ValidationSet).Epochs;

        Assert.True(epochs[^1].TrainingLoss < 0.8 * epochs[0].TrainingLoss, $"{epochs[0].TrainingLoss} → {epochs[^1].TrainingLoss}");
        var after = MiniNetwork.Bytes(model);
        foreach (var name in before.Keys)
        {
            var trained = new[] { "mask_decoder.", "semantic_head.", "feature_fusion." }.Any(part => name.StartsWith(part, StringComparison.Ordinal))
                && !name.Contains("iou_prediction_head", StringComparison.Ordinal);
            Assert.True(trained != before[name].SequenceEqual(after[name]), $"{name} is {(trained ? "not " : "")}changed.");
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Train_AnyHead_LeavesNoTensorsAndFilesThatPredictTheSame(HeadConfig head)
    {
        using var model = HeadNetworks.Create(head);
        var run = _folder.PathOf("run");
        using var start = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.Linear });
        SamCheckpoint.SaveModel(start, _folder.PathOf("start"), new SavedModelInfo { Config = TinyNetwork.Config, Head = start.Head, ClassNames = TinyRun.Classes, Preprocessing = "Sam" });
        var before = LiveTensors.Count();

        var result = TinyRun.Train(model, TinyRun.Options with { RunFolder = run }, validation: TinyRun.ValidationSet);

        Assert.Equal(before, LiveTensors.Count());
        using var whole = SegmentationModel.Load(result.ModelPath!);
        using var best = SegmentationModel.Load(Path.Combine(run, "best.safetensors"), _folder.PathOf("start"));
        Assert.Equal(MiniNetwork.Bytes(model), MiniNetwork.Bytes(whole.Network));
        Assert.Equal(MiniNetwork.Bytes(model), MiniNetwork.Bytes(best.Network));
        var image = TinyRun.Scene(100).Image;
        var expected = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true }.Predict(image);
        var actual = new SegmentationPredictor(whole.Network, Preprocessing.Sam) { WithProbabilities = true }.Predict(image);
        Assert.Equal((image.Height, image.Width), (actual.Labels.Height, actual.Labels.Width));
        Assert.Equal(expected.Probabilities!, actual.Probabilities!);
    }

    [Fact]
    public void Train_Everything_ReachesTheEncoderThroughHeadAndFeatures()
    {
        using var model = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.PyramidPooling, FeatureBlocks = [0, 1] });
        var before = MiniNetwork.Bytes(model);

        TinyRun.Train(model, TinyRun.Options with { Trained = TrainedParts.Everything });

        var after = MiniNetwork.Bytes(model);
        Assert.All(before.Keys, name => Assert.Equal(name == "feature_projection.directions", before[name].SequenceEqual(after[name])));
    }

    [Fact]
    public void Train_Features_AreCachedBesideTheEmbeddingUnderKeysOfTheirOwn()
    {
        var cache = _folder.PathOf("cache");
        var options = TinyRun.Options with { CacheFolder = cache, Epochs = 1 };
        foreach (var (blocks, channels) in new (int[], int)[] { ([], 16), ([0], 32), ([0, 1], 48) })
        {
            var known = Entries().ToHashSet();
            using var model = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.Linear, FeatureBlocks = blocks });
            TinyRun.Train(model, options);
            var shapes = Entries().Where(path => !known.Contains(path)).Select(ShapeOf).Where(shape => shape.Count == 3).ToList();
            Assert.Equal(TinyRun.TrainingSet.Count, shapes.Count);
            Assert.All(shapes, shape => Assert.Equal([channels, 8, 8], shape));
        }
        // Another head on the same blocks finds them there.
        var before = Entries().Length;
        using var other = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.Aspp, FeatureBlocks = [0] });
        TinyRun.Train(other, options);
        Assert.Equal(before, Entries().Length);

        string[] Entries() => Directory.Exists(cache) ? Directory.GetFiles(cache, "*.safetensors", SearchOption.AllDirectories) : [];

        static IReadOnlyList<long> ShapeOf(string path)
        {
            using var entry = Checkpoint.Open(path);
            return entry.Entries.Values.Single() is { DType: ScalarType.Float16 } embedding ? embedding.Shape : [];
        }
    }

    [Fact]
    public void Recipe_OtherProjection_IsAnotherKey()
    {
        using var scope = NewDisposeScope();
        using var model = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.Linear, FeatureBlocks = [0] });
        var image = TinyRun.Scene(0).Image;
        var before = new EmbeddingRecipe(model, Preprocessing.Sam, EmbeddingDType.Float16).KeyOf(image);
        using (no_grad())
            model.state_dict()["feature_projection.directions"].mul_(2);

        Assert.NotEqual(before, new EmbeddingRecipe(model, Preprocessing.Sam, EmbeddingDType.Float16).KeyOf(image));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Train_AdaptersAndFeatures_LearnTheSameFromBlockInputsAsFromImages(int featureBlock)
    {
        var options = TinyRun.Options with
        {
            Trained = TrainedParts.DecoderAndAdapters,
            Adapters = new AdapterOptions { Kind = AdapterKind.Lora, FirstBlock = 1 },
            EmbeddingDType = EmbeddingDType.Float32,
        };
        // So seldom that it never happens, but it keeps images instead.
        var fromImages = options with { Augmentation = new() { FlipProbability = 1e-12 } };
        var head = new HeadConfig { Kind = HeadKind.Linear, FeatureBlocks = [featureBlock] };
        using var first = HeadNetworks.Create(head);
        using var second = HeadNetworks.Create(head);

        var expected = TinyRun.Train(first, fromImages).Epochs.Select(epoch => epoch.TrainingLoss);
        var actual = TinyRun.Train(second, options).Epochs.Select(epoch => epoch.TrainingLoss);

        Assert.Equal((CachedInputs.Images, CachedInputs.BlockInputs), (fromImages.DecideCachedInputs(), options.DecideCachedInputs()));
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= 1e-6);
    }

    [Fact]
    public void Train_PartsOfAHead_AreNamedAsItsTensors()
    {
        using var model = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.Aspp, FeatureBlocks = [1] });
        var before = MiniNetwork.Bytes(model);

        TinyRun.Train(model, TinyRun.Options with
        {
            WeightDecay = 0,
            Parts = new Dictionary<string, PartOverride> { ["semantic_head"] = new() { LearningRate = 0 }, ["semantic_head.classifier"] = new() { LearningRate = 0.01 } },
        });

        var changed = MiniNetwork.Bytes(model).Where(pair => !pair.Value.SequenceEqual(before[pair.Key])).Select(pair => pair.Key);
        Assert.Equal(["feature_fusion.weight", "semantic_head.classifier.bias", "semantic_head.classifier.weight"], changed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Trainer_HypernetworksOfAnotherHead_IsAFault(HeadConfig head)
    {
        using var model = new SemanticSam(TinyNetwork.Config, 3, head);

        var error = Assert.Throws<InvalidTrainingOptionsException>(() => new SegmentationTrainer(model, TinyRun.Classes, TinyRun.Options with { Trained = TrainedParts.Hypernetworks, Epochs = 0 }));

        Assert.Equal(["Epochs", "Trained"], error.Faults.Select(fault => fault.Option));
        Assert.Contains($"that needs the head MaskDecoder, the network's is {head}.", error.Message, StringComparison.Ordinal);
    }
}
