using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

public sealed class SamCheckpointTests : IDisposable
{
    private static readonly SamConfig Tiny = TinyCheckpoint.Config;
    private static readonly SavedModelInfo TinyInfo = TinyCheckpoint.Info;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SaveModel_ThenLoad_GivesTheSameWeightsAndInfo()
    {
        using var saved = new SemanticSam(Tiny, 3);
        using var loaded = new SemanticSam(Tiny, 3);

        SamCheckpoint.SaveModel(saved, _folder.PathOf("models/m.safetensors"), TinyInfo);
        using var checkpoint = Checkpoint.Open(_folder.PathOf("models/m.safetensors"));
        var report = SamCheckpoint.Load(loaded, checkpoint);

        Assert.Equal(MiniNetwork.Bytes(saved), MiniNetwork.Bytes(loaded));
        Assert.Empty(report.Initialised);
        Assert.Empty(report.Unused);
        var info = SamCheckpoint.ReadInfo(checkpoint)!;
        Assert.Equal(Tiny, info.Config);
        Assert.Equal(TinyInfo.ClassNames, info.ClassNames);
        Assert.Equal("Sam", info.Preprocessing);
        Assert.Null(info.Parts);
        Assert.Null(info.EncoderHash);
        Assert.Equal(TinyInfo.Notes, info.Notes);
    }

    [Fact]
    public void SaveModel_FourClasses_AreNotTakenForSams()
    {
        using var saved = new SemanticSam(Tiny, 4);
        using var loaded = new SemanticSam(Tiny, 5);
        SamCheckpoint.SaveModel(saved, _folder.PathOf("m"), TinyInfo with { ClassNames = ["a", "b", "c", "d"] });
        using var checkpoint = Checkpoint.Open(_folder.PathOf("m"));

        Assert.Equal(SamCheckpointLayout.Semantic, SamCheckpoint.FindLayout(checkpoint));
        Assert.Throws<CheckpointMismatchException>(() => SamCheckpoint.Load(loaded, checkpoint));
        using var sam = new Sam(Tiny);
        Assert.Throws<CheckpointMismatchException>(() => SamCheckpoint.LoadSam(sam, checkpoint));
    }

    [Fact]
    public void SaveModel_APart_IsLoadedOverAnotherModel()
    {
        using var saved = new SemanticSam(Tiny, 3);
        using var loaded = new SemanticSam(Tiny, 3);
        var before = MiniNetwork.Bytes(loaded);
        var info = TinyInfo with { Parts = ["mask_decoder."], EncoderHash = WeightsHash.Compute(saved.image_encoder) };

        SamCheckpoint.SaveModel(saved, _folder.PathOf("m"), info);
        using var checkpoint = Checkpoint.Open(_folder.PathOf("m"));
        var report = SamCheckpoint.LoadPart(loaded, checkpoint, name => name.StartsWith("mask_decoder.", StringComparison.Ordinal));

        Assert.All(checkpoint.Entries.Keys, name => Assert.StartsWith("mask_decoder.", name, StringComparison.Ordinal));
        Assert.Equal(checkpoint.Entries.Count, report.Loaded.Count);
        var (source, after) = (MiniNetwork.Bytes(saved), MiniNetwork.Bytes(loaded));
        Assert.All(after, pair => Assert.Equal((report.Loaded.Contains(pair.Key) ? source : before)[pair.Key], pair.Value));
        Assert.Equal(info.EncoderHash, SamCheckpoint.ReadInfo(checkpoint)!.EncoderHash);
        Assert.Equal(Tiny, SamCheckpoint.InferConfig(checkpoint));
        var error = Assert.Throws<CheckpointMismatchException>(() => SamCheckpoint.Load(loaded, checkpoint));
        Assert.Contains("part 'mask_decoder.*'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadPart_ModelOfOtherClasses_LoadsAllButTheHypernetworks()
    {
        using var saved = new SemanticSam(Tiny, 3);
        using var loaded = new SemanticSam(Tiny, 5);
        using var checkpoint = Written(saved.state_dict());

        var report = SamCheckpoint.LoadPart(loaded, checkpoint, name => !name.Contains("hypernetworks", StringComparison.Ordinal));

        Assert.Equal(5 * 6, report.Initialised.Count);
        Assert.Equal(3 * 6, report.Unused.Count);
        Assert.Equal(WeightsHash.Compute(saved.image_encoder), WeightsHash.Compute(loaded.image_encoder));
    }

    [Fact]
    public void SaveModel_InfoThatContradictsTheModel_IsRefused()
    {
        using var model = new SemanticSam(Tiny, 3);
        var path = _folder.PathOf("m");

        Assert.Throws<ArgumentException>(() => SamCheckpoint.SaveModel(model, path, TinyInfo with { ClassNames = ["a"] }));
        Assert.Throws<ArgumentException>(() => SamCheckpoint.SaveModel(model, path, TinyInfo with { Config = SamConfig.VitB }));
        Assert.Throws<ArgumentException>(() => SamCheckpoint.SaveModel(model, path, TinyInfo with { Parts = ["decoder."] }));
        Assert.Throws<ArgumentException>(() => SamCheckpoint.SaveModel(model, path, TinyInfo with { Notes = new Dictionary<string, string> { ["samsegmentation.config"] = "x" } }));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Load_SeveralFaults_AreListedInOneErrorAndNothingIsLoaded()
    {
        using var scope = NewDisposeScope();
        using var saved = new SemanticSam(Tiny, 3);
        using var loaded = new SemanticSam(Tiny, 3);
        var before = MiniNetwork.Bytes(loaded);
        var state = saved.state_dict();
        state.Remove("image_encoder.pos_embed");
        state.Remove("prompt_encoder.no_mask_embed.weight");
        state["image_encoder.neck.0.weight"] = zeros(16, 8, 3, 3);
        state["mask_decoder.iou_token.weight"] = zeros(1, 16, dtype: ScalarType.Int64);
        state["mask_decoder.surplus"] = zeros(1);
        state["optimizer.step"] = zeros(1);
        using var checkpoint = Written(state);

        var error = Assert.Throws<CheckpointMismatchException>(() => SamCheckpoint.Load(loaded, checkpoint));

        Assert.Equal(["image_encoder.pos_embed", "prompt_encoder.no_mask_embed.weight"], error.Missing);
        Assert.Equal(["mask_decoder.surplus", "optimizer.step"], error.Unexpected.Order());
        Assert.Equal(2, error.Misshaped.Count);
        Assert.Contains("[16, 8, 3, 3] in the file and [16, 8, 1, 1] in the network", error.Misshaped[0], StringComparison.Ordinal);
        Assert.Contains("Int64", error.Misshaped[1], StringComparison.Ordinal);
        Assert.All(
            error.Missing.Concat(error.Unexpected).Concat(error.Misshaped).Append(checkpoint.Path),
            text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        Assert.Equal(before, MiniNetwork.Bytes(loaded));
    }

    [Theory]
    [InlineData("model.")]
    [InlineData("state_dict.module.")]
    public void Load_NetworkWithinATrainingState_IsFound(string prefix)
    {
        using var scope = NewDisposeScope();
        using var saved = new SemanticSam(Tiny, 3);
        using var loaded = new SemanticSam(Tiny, 3);
        var state = saved.state_dict().ToDictionary(pair => prefix + pair.Key, pair => pair.Value);
        state["optimizer.state.0.exp_avg"] = zeros(1);
        using var checkpoint = Written(state);

        var report = SamCheckpoint.Load(loaded, checkpoint);

        Assert.Equal(["optimizer.state.0.exp_avg"], report.Unused);
        Assert.Equal(MiniNetwork.Bytes(saved), MiniNetwork.Bytes(loaded));
    }

    [Fact]
    public void Load_TwoNetworksOrNone_IsRefusedByName()
    {
        using var scope = NewDisposeScope();
        using var model = new SemanticSam(Tiny, 3);
        var state = model.state_dict();
        using var two = Written(state.Select(pair => KeyValuePair.Create($"model.{pair.Key}", pair.Value))
            .Concat(state.Select(pair => KeyValuePair.Create($"ema.{pair.Key}", pair.Value))));
        Assert.Contains("'ema.'", Assert.Throws<CheckpointFormatException>(() => SamCheckpoint.Load(model, two)).Message, StringComparison.Ordinal);

        using var none = Written([KeyValuePair.Create("layer1.0.conv1.weight", zeros(1))]);
        Assert.Contains("layer1.0.conv1.weight", Assert.Throws<CheckpointFormatException>(() => SamCheckpoint.Load(model, none)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("samsegmentation.version", "2")]
    [InlineData("samsegmentation.config", "{}")]
    [InlineData("samsegmentation.config", "null")]
    [InlineData("samsegmentation.config", "not json")]
    [InlineData("samsegmentation.classes", "[\"a\", null]")]
    [InlineData("samsegmentation.classes", "{\"a\": 1}")]
    [InlineData("samsegmentation.preprocessing", null)]
    public void ReadInfo_DamagedDescription_NamesTheKey(string key, string? value)
    {
        using var scope = NewDisposeScope();
        using var model = new SemanticSam(Tiny, 3);
        SamCheckpoint.SaveModel(model, _folder.PathOf("m"), TinyInfo);
        using var sound = Checkpoint.Open(_folder.PathOf("m"));
        var metadata = sound.Metadata.ToDictionary(pair => pair.Key, pair => pair.Value);
        metadata.Remove(key);
        if (value is not null)
            metadata[key] = value;
        using var checkpoint = Written(model.state_dict(), metadata);

        var error = Assert.Throws<CheckpointFormatException>(() => SamCheckpoint.ReadInfo(checkpoint));

        Assert.Contains(key, error.Place, StringComparison.Ordinal);
    }

    private Checkpoint Written(IEnumerable<KeyValuePair<string, Tensor>> tensors, Dictionary<string, string>? metadata = null) =>
        TinyCheckpoint.Write(_folder, tensors, metadata);
}
