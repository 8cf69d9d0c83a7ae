using System.Text.Json;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Tests.Modeling.Adapters;
using SamSegmentation.ML.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training;

// Alone: new adapters are drawn from the process's generator, which training seeds.
[Collection(LiveTensors.Alone)]
public sealed class AdapterTrainingTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = TinyNetwork.Create();

    private static TrainingOptions Options { get; } = TinyRun.Options with { Trained = TrainedParts.DecoderAndAdapters };

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(AdapterKind.Lora, 0)]
    [InlineData(AdapterKind.AdaptFormer, 0)]
    [InlineData(AdapterKind.Both, 1)]
    public void Train_Adapters_ChangesThemAndTheDecoderAlone(AdapterKind kind, int firstBlock)
    {
        var options = Options with { Adapters = new AdapterOptions { Kind = kind, FirstBlock = firstBlock } };
        using var start = TinyNetwork.Create();
        manual_seed(options.Seed);
        start.AddAdapters(options.Adapters);
        var before = MiniNetwork.Bytes(start);

        TinyRun.Train(_model, options);

        var after = MiniNetwork.Bytes(_model);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        foreach (var name in before.Keys)
        {
            var trained = AdaptedNetwork.IsAdapter(name)
                || (name.StartsWith("mask_decoder.", StringComparison.Ordinal) && !name.Contains("iou_prediction_head", StringComparison.Ordinal));
            Assert.True(trained != before[name].SequenceEqual(after[name]), $"{name} is {(trained ? "not " : "")}changed.");
        }
        Assert.Contains(after.Keys, AdaptedNetwork.IsAdapter);
    }

    [Fact]
    public void Train_Adapters_LowersTheLossBelowThatOfTheFrozenEncoder()
    {
        var options = Options with { Epochs = 12, LearningRate = 3e-3, Adapters = new AdapterOptions { Kind = AdapterKind.Both, BottleneckWidth = 8 } };
        using var frozen = TinyNetwork.Create();

        var adapted = TinyRun.Train(_model, options).Epochs;
        var decoder = TinyRun.Train(frozen, options with { Trained = TrainedParts.Decoder, Adapters = new AdapterOptions() }).Epochs;

        // Both begin as the same network.
        Assert.True(adapted[^1].TrainingLoss < 0.8 * adapted[0].TrainingLoss, $"{adapted[0].TrainingLoss} → {adapted[^1].TrainingLoss}");
        Assert.True(adapted[^1].TrainingLoss < decoder[^1].TrainingLoss, $"{adapted[^1].TrainingLoss} with adapters, {decoder[^1].TrainingLoss} without");
    }

    [Fact]
    public void Train_SameSeed_SameAdapters()
    {
        using var again = TinyNetwork.Create();
        using var other = TinyNetwork.Create();

        TinyRun.Train(_model, Options);
        _ = rand(3);
        TinyRun.Train(again, Options);
        TinyRun.Train(other, Options with { Seed = 1 });

        Assert.Equal(MiniNetwork.Bytes(_model), MiniNetwork.Bytes(again));
        Assert.NotEqual(MiniNetwork.Bytes(_model)["adapters.0.lora_qkv.a.weight"], MiniNetwork.Bytes(other)["adapters.0.lora_qkv.a.weight"]);
    }

    [Fact]
    public void Train_RunFolder_HoldsAdaptersAloneAndAWholeModelThatPredictTheSame()
    {
        var run = Path.Combine(_folder.Root, "run");
        var result = TinyRun.Train(_model, Options with { RunFolder = run, Adapters = AdaptedNetwork.Small }, validation: TinyRun.ValidationSet);
        using var start = TinyNetwork.Create(classes: 4);
        SamCheckpoint.SaveModel(start, _folder.PathOf("start"), new SavedModelInfo { Config = TinyNetwork.Config, ClassNames = ["a", "b", "c", "d"], Preprocessing = "Sam" });

        using var best = SegmentationModel.Load(Path.Combine(run, "best.safetensors"), _folder.PathOf("start"));
        using var whole = SegmentationModel.Load(result.ModelPath!);

        Assert.Equal(MiniNetwork.Bytes(_model), MiniNetwork.Bytes(best.Network));
        Assert.Equal(WeightsHash.Compute(start.image_encoder), best.Info.EncoderHash);
        Assert.Equal(AdapterKind.AdaptFormer, whole.Info.Adapters!.Kind);
        // In float64, so that what is compared is the merged weights and not the rounding of two ways to compute.
        foreach (var network in new[] { _model, whole.Network })
        {
            // Frozen parameters cannot be converted in some versions of TorchSharp.
            foreach (var parameter in network.parameters())
                parameter.requires_grad = true;
            network.to(ScalarType.Float64);
        }
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var images = AdaptedNetwork.Images().to(ScalarType.Float64);
        Assert.InRange((_model.forward(images) - whole.Network.forward(images)).abs().max().ToSingle(), 0, 1e-5);
        var log = JsonDocument.Parse(File.ReadLines(Path.Combine(run, "log.jsonl")).First()).RootElement;
        Assert.Equal("Images", log.GetProperty("cached").GetString());
        Assert.Contains("adapters.1.adaptformer.up.bias", log.GetProperty("trainedParameters").EnumerateArray().Select(name => name.GetString()));
    }

    [Theory]
    [InlineData(EmbeddingDType.Float32, ScalarType.Float32)]
    [InlineData(EmbeddingDType.Float16, ScalarType.Float16)]
    public void Train_AdaptersFromALaterBlock_CacheWhatEntersIt(EmbeddingDType dtype, ScalarType stored)
    {
        var cache = Path.Combine(_folder.Root, "cache");
        var options = Options with { CacheFolder = cache, EmbeddingDType = dtype, Adapters = AdaptedNetwork.Small with { FirstBlock = 1 } };

        TinyRun.Train(_model, options);

        Assert.Equal(CachedInputs.BlockInputs, options.DecideCachedInputs());
        var entries = Directory.GetFiles(cache, "*.safetensors", SearchOption.AllDirectories).Select(EntryOf).Where(entry => entry.DType != ScalarType.Byte).ToList();
        Assert.Equal(8, entries.Count);
        Assert.All(entries, entry => Assert.Equal((stored, "8 8 32"), (entry.DType, string.Join(' ', entry.Shape))));
        // A decoder's run of the same network looks for embeddings and finds none.
        using var frozen = TinyNetwork.Create();
        TinyRun.Train(frozen, TinyRun.Options with { CacheFolder = cache, EmbeddingDType = dtype });
        Assert.Equal(8 + 8 + 8, Directory.GetFiles(cache, "*.safetensors", SearchOption.AllDirectories).Length);

        static CheckpointEntry EntryOf(string path)
        {
            using var file = Checkpoint.Open(path);
            return file.Entries["data"];
        }
    }

    [Fact]
    public void Train_CachedBlockInputs_GiveTheLossesOfImages()
    {
        var options = Options with { EmbeddingDType = EmbeddingDType.Float32, Adapters = AdaptedNetwork.Small with { FirstBlock = 1 } };
        using var other = TinyNetwork.Create();

        // A probability that no draw comes below mirrors nothing, but needs images.
        var cached = TinyRun.Train(_model, options, validation: TinyRun.ValidationSet).Epochs;
        var images = TinyRun.Train(other, options with { Augmentation = new() { FlipProbability = 1e-300 } }, validation: TinyRun.ValidationSet).Epochs;

        Assert.Equal(CachedInputs.Images, (options with { Augmentation = new() { FlipProbability = 1e-300 } }).DecideCachedInputs());
        foreach (var (a, b) in cached.Zip(images))
        {
            Assert.Equal(a.TrainingLoss, b.TrainingLoss, 1e-4);
            Assert.Equal(a.ValidationLoss!.Value, b.ValidationLoss!.Value, 1e-4);
        }
    }

    [Theory]
    [InlineData(TrainedParts.Hypernetworks, 0, 0, 1, CachedInputs.Embeddings)]
    [InlineData(TrainedParts.Decoder, 0, 0, 1, CachedInputs.Embeddings)]
    [InlineData(TrainedParts.Decoder, 0, 0.5, 2, CachedInputs.Embeddings)]
    [InlineData(TrainedParts.DecoderAndAdapters, 0, 0, 1, CachedInputs.Images)]
    [InlineData(TrainedParts.DecoderAndAdapters, 1, 0, 1, CachedInputs.BlockInputs)]
    [InlineData(TrainedParts.DecoderAndAdapters, 1, 0.5, 1, CachedInputs.Images)]
    [InlineData(TrainedParts.DecoderAndAdapters, 1, 0.5, 2, CachedInputs.BlockInputs)]
    [InlineData(TrainedParts.Everything, 0, 0.5, 1, CachedInputs.Images)]
    public void DecideCachedInputs_EachCase_IsWhatStaysConstant(TrainedParts parts, int firstBlock, double flips, int views, CachedInputs expected)
    {
        var options = TinyRun.Options with { Trained = parts, Augmentation = new() { FlipProbability = flips, Views = views }, Adapters = new AdapterOptions { FirstBlock = firstBlock } };

        Assert.Equal(expected, options.DecideCachedInputs());
        Assert.Empty(options.FindFaults());
    }

    [Fact]
    public void Train_NetworkThatHasAdapters_GoesOnWithThem()
    {
        var before = TinyRun.Train(_model, Options with { Adapters = AdaptedNetwork.Small }).Epochs;
        var after = TinyRun.Train(_model, Options with { Adapters = AdaptedNetwork.Small }).Epochs;

        Assert.True(after[0].TrainingLoss < before[0].TrainingLoss);
        var error = Assert.Throws<InvalidTrainingOptionsException>(() => TinyRun.Train(_model, Options));
        Assert.Contains("but the network has AdapterOptions { Kind = Both", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_DecoderOfAnAdaptedNetwork_KeepsTheAdaptersAndTheirOwnEmbeddings()
    {
        var options = TinyRun.Options with { CacheFolder = Path.Combine(_folder.Root, "cache"), RunFolder = Path.Combine(_folder.Root, "run"), SaveModel = false };
        using var plain = TinyNetwork.Create();
        TinyRun.Train(plain, options with { RunFolder = null });
        using var adapted = AdaptedNetwork.Create(AdaptedNetwork.Small);
        var before = MiniNetwork.Bytes(adapted);

        TinyRun.Train(adapted, options);

        var log = JsonDocument.Parse(File.ReadLines(Path.Combine(options.RunFolder, "log.jsonl")).First()).RootElement;
        Assert.Equal(8, log.GetProperty("training").GetProperty("computed").GetInt32());
        Assert.All(before.Keys.Where(AdaptedNetwork.IsAdapter), name => Assert.Equal(before[name], MiniNetwork.Bytes(adapted)[name]));
        using var start = TinyNetwork.Create();
        SamCheckpoint.SaveModel(start, _folder.PathOf("start"), new SavedModelInfo { Config = TinyNetwork.Config, ClassNames = TinyRun.Classes, Preprocessing = "Sam" });
        using var loaded = SegmentationModel.Load(Path.Combine(options.RunFolder, "last.safetensors"), _folder.PathOf("start"));
        Assert.Equal(MiniNetwork.Bytes(adapted), MiniNetwork.Bytes(loaded.Network));
    }

    [Fact]
    public void Train_PartOfTheAdapters_HasItsOwnRate()
    {
        var parts = new Dictionary<string, PartOverride> { ["adapters"] = new() { LearningRate = 0 }, ["adapters.1.lora_proj"] = new() { LearningRate = 1e-3 } };

        TinyRun.Train(_model, Options with { Parts = parts });

        using var scope = NewDisposeScope();
        foreach (var (name, value) in _model.state_dict().Where(pair => pair.Key.EndsWith(".b.weight", StringComparison.Ordinal)))
            Assert.Equal(name == "adapters.1.lora_proj.b.weight", value.abs().max().ToSingle() > 0);
    }

    [Fact]
    public void Train_AdaptersThatDoNotFitTheNetwork_AreRefusedBeforeAnyImageIsRead()
    {
        var error = Assert.Throws<InvalidTrainingOptionsException>(() =>
            TinyRun.Train(_model, Options with { Adapters = new AdapterOptions { FirstBlock = 2 } }, TinyRun.NeverRead()));

        Assert.Equal("Adapters.FirstBlock: is 2; it must be in 0..1, since the encoder has 2 blocks.", Assert.Single(error.Faults).ToString());
        Assert.Null(_model.Adapters);
    }
}
