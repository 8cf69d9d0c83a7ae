using System.Text.Json.Nodes;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Tests.Modeling.Adapters;
using SamSegmentation.ML.Tests.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>Files of networks with adapters: whole ones, and those that hold adapters and decoder alone.</summary>
public sealed class AdapterCheckpointTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static SavedModelInfo Info { get; } = new() { Config = TinyNetwork.Config, ClassNames = TinyRun.Classes, Preprocessing = "Sam" };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(AdapterKind.Lora)]
    [InlineData(AdapterKind.AdaptFormer)]
    [InlineData(AdapterKind.Both)]
    public void Load_WholeModel_HoldsMergedLoraAndComputesTheSame(AdapterKind kind)
    {
        using var model = AdaptedNetwork.Create(new AdapterOptions { Kind = kind, FirstBlock = 1 });
        var before = MiniNetwork.Bytes(model);
        SamCheckpoint.SaveModel(model, _folder.PathOf("whole"), Info);

        using var loaded = SegmentationModel.Load(_folder.PathOf("whole"));

        Assert.Equal(model.Adapters!.WithoutLora, loaded.Info.Adapters);
        Assert.Equal(loaded.Info.Adapters, loaded.Network.Adapters);
        Assert.DoesNotContain(loaded.Network.state_dict().Keys, name => name.Contains("lora", StringComparison.Ordinal));
        Assert.InRange(Distance(model, loaded.Network), 0, 1e-5);
        Assert.Equal(before, MiniNetwork.Bytes(model));
    }

    [Theory]
    [InlineData(AdapterKind.Lora)]
    [InlineData(AdapterKind.AdaptFormer)]
    [InlineData(AdapterKind.Both)]
    public void Load_AdaptersAndDecoder_ArePutOntoTheirEncoder(AdapterKind kind)
    {
        using var model = AdaptedNetwork.Create(new AdapterOptions { Kind = kind, LoraAlpha = kind == AdapterKind.AdaptFormer ? null : 3 });
        var path = SaveParts(model);

        using var loaded = SegmentationModel.Load(path, SaveBase());

        Assert.Equal(MiniNetwork.Bytes(model), MiniNetwork.Bytes(loaded.Network));
        Assert.Equal(model.Adapters, loaded.Network.Adapters);
        Assert.Equal(0, Distance(model, loaded.Network));
        using var file = Checkpoint.Open(path);
        Assert.DoesNotContain(file.Entries.Keys, name => name.StartsWith("image_encoder.", StringComparison.Ordinal));
        Assert.Contains(file.Entries.Keys, AdaptedNetwork.IsAdapter);
        // The values that the encoder has are not there under another name either.
        var encoder = model.image_encoder.parameters().Sum(parameter => parameter.numel());
        Assert.InRange(new FileInfo(path).Length, 1, new FileInfo(_folder.PathOf("base")).Length - 3 * encoder);
    }

    [Fact]
    public void CreateStart_OfAWholeModel_HasItsDimensionsAdaptersAndWeightsAndTheHeadThatIsAskedFor()
    {
        using var model = AdaptedNetwork.Create(new AdapterOptions { Kind = AdapterKind.AdaptFormer, FirstBlock = 1 });
        SamCheckpoint.SaveModel(model, _folder.PathOf("whole"), Info);
        using var checkpoint = Checkpoint.Open(_folder.PathOf("whole"));

        using var same = SamCheckpoint.CreateStart(checkpoint, classes: 3);
        using var other = SamCheckpoint.CreateStart(checkpoint, classes: 5, new HeadConfig { Kind = HeadKind.Linear });

        Assert.Equal((model.Config, model.Head, model.Adapters), (same.Config, same.Head, same.Adapters));
        Assert.Equal(MiniNetwork.Bytes(model), MiniNetwork.Bytes(same));
        Assert.Equal((5, HeadKind.Linear, model.Adapters), (other.Classes, other.Head.Kind, other.Adapters));
        Assert.Equal(WeightsHash.Compute(model.image_encoder), WeightsHash.Compute(other.image_encoder));
    }

    [Fact]
    public void Load_AdaptersOnAnotherEncoder_NamesBothHashes()
    {
        using var model = AdaptedNetwork.Create(AdaptedNetwork.Small);
        using var other = new SemanticSam(TinyNetwork.Config, 3);
        SamCheckpoint.SaveModel(other, _folder.PathOf("other"), Info);

        var error = Assert.Throws<CheckpointMismatchException>(() => SegmentationModel.Load(SaveParts(model), _folder.PathOf("other")));

        Assert.Contains(WeightsHash.Compute(model.image_encoder), error.Message, StringComparison.Ordinal);
        Assert.Contains(WeightsHash.Compute(other.image_encoder), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AdaptersOnTheMergedModel_IsRefused()
    {
        // Its encoder is not the frozen one any more: the updates would count twice.
        using var model = AdaptedNetwork.Create(new AdapterOptions());
        SamCheckpoint.SaveModel(model, _folder.PathOf("whole"), Info);

        Assert.Throws<CheckpointMismatchException>(() => SegmentationModel.Load(SaveParts(model), _folder.PathOf("whole")));
    }

    [Fact]
    public void Load_IntoANetworkWithoutAdapters_ListsThemAsUnexpected()
    {
        using var model = AdaptedNetwork.Create(AdaptedNetwork.Small);
        SamCheckpoint.SaveModel(model, _folder.PathOf("whole"), Info);
        using var plain = TinyNetwork.Create();
        using var checkpoint = Checkpoint.Open(_folder.PathOf("whole"));

        var error = Assert.Throws<CheckpointMismatchException>(() => SamCheckpoint.Load(plain, checkpoint));

        Assert.Equal(2 * 4, error.Unexpected.Count(AdaptedNetwork.IsAdapter));
    }

    [Theory]
    [InlineData("BottleneckWidth", 1_000_000_000, "adapters.0.adaptformer.down.weight must be [1000000000, 32]")]
    [InlineData("LoraRank", 3, "adapters.0.lora_qkv.a.weight must be [3, 32]")]
    [InlineData("LoraRank", 33, "LoraRank is 33; it must be at most 32")]
    [InlineData("FirstBlock", 2, "FirstBlock is 2")]
    [InlineData("Kind", null, "Kind is missing")]
    [InlineData("LoraAlpha", null, "LoraAlpha is missing")]
    public void Load_AdaptersThatAreNotWhatIsStated_SaysSo(string property, int? value, string expected)
    {
        using var model = AdaptedNetwork.Create(AdaptedNetwork.Small);
        var info = Info.WithoutEncoder(model, WeightsHash.Compute(model.image_encoder)) with { Adapters = model.Adapters };
        var metadata = SavedModelMetadata.Write(info);
        var stated = (JsonObject)JsonNode.Parse(metadata["samsegmentation.adapters"])!;
        if (value is null)
            stated.Remove(property);
        else
            stated[property] = value;
        metadata["samsegmentation.adapters"] = stated.ToJsonString();
        SafetensorsFile.Write(_folder.PathOf("crafted"), model.state_dict().Where(pair => info.Holds(pair.Key)), metadata);

        var error = Assert.Throws<CheckpointFormatException>(() => SegmentationModel.Load(_folder.PathOf("crafted"), SaveBase()));

        Assert.Contains("samsegmentation.adapters", error.Place, StringComparison.Ordinal);
        Assert.Contains(expected, error.Reason, StringComparison.Ordinal);
    }

    private static float Distance(SemanticSam a, SemanticSam b)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var images = AdaptedNetwork.Images();
        return (a.forward(images) - b.forward(images)).abs().max().ToSingle();
    }

    private string SaveParts(SemanticSam model)
    {
        SamCheckpoint.SaveModel(model, _folder.PathOf("parts"), Info.WithoutEncoder(model, WeightsHash.Compute(model.image_encoder)));
        return _folder.PathOf("parts");
    }

    private string SaveBase()
    {
        using var start = TinyNetwork.Create(classes: 4);
        SamCheckpoint.SaveModel(start, _folder.PathOf("base"), Info with { ClassNames = ["a", "b", "c", "d"] });
        return _folder.PathOf("base");
    }
}
