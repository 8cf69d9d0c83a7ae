using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>The dimensions that a file's shapes, or what it says of itself, tell.</summary>
public sealed class SamConfigInferenceTests : IDisposable
{
    private static readonly SamConfig Tiny = TinyCheckpoint.Config;

    private readonly TestFolder _folder = new();

    public static TheoryData<SamConfig> Configs =>
    [
        Tiny,
        Tiny with { WindowSize = 5 },
        Tiny with { GlobalAttentionBlocks = [] },
        Tiny with { EncoderDim = 12, MlpRatio = 2.75, DecoderDepth = 3, ImageSize = 48, EncoderDepth = 4, GlobalAttentionBlocks = [1, 3] },
        Tiny with { EncoderDim = 10, MlpRatio = 37.0 / 10, WindowSize = 1 },
        Tiny with { WindowSize = 4, GlobalAttentionBlocks = [0, 1] },
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Configs))]
    public void InferConfig_WeightsAlone_FindsEveryDimension(SamConfig config)
    {
        using var model = new SemanticSam(config, 3);
        using var checkpoint = Written(model.state_dict());

        var inferred = SamCheckpoint.InferConfig(checkpoint);

        Assert.Equal(config.EncoderMlpDim, inferred.EncoderMlpDim);
        Assert.Equal(config with { DecoderHeads = 8, MlpRatio = inferred.MlpRatio }, inferred);
        Assert.Equal(3, SamCheckpoint.InferClasses(checkpoint));
        Assert.Equal(SamCheckpointLayout.Semantic, SamCheckpoint.FindLayout(checkpoint));
    }

    [Theory]
    [MemberData(nameof(Configs))]
    public void InferConfig_OurOwnFile_GivesTheStatedConfiguration(SamConfig config)
    {
        using var model = new SemanticSam(config, 3);
        SamCheckpoint.SaveModel(model, _folder.PathOf("m"), TinyCheckpoint.Info with { Config = config });
        using var checkpoint = Checkpoint.Open(_folder.PathOf("m"));

        Assert.Equal(config, SamCheckpoint.InferConfig(checkpoint));
    }

    [Fact]
    public void InferConfig_WindowAsLargeAsTheGrid_CountsAsGlobal()
    {
        using var model = new SemanticSam(Tiny with { WindowSize = 4 }, 1);
        using var checkpoint = Written(model.state_dict());

        Assert.Equal([0, 1], SamCheckpoint.InferConfig(checkpoint).GlobalAttentionBlocks);
    }

    [Fact]
    public void InferConfig_StatedConfigurationContradictsTheWeights_Fails()
    {
        using var model = new SemanticSam(Tiny, 3);
        SamCheckpoint.SaveModel(model, _folder.PathOf("m"), TinyCheckpoint.Info);
        using var sound = Checkpoint.Open(_folder.PathOf("m"));
        var metadata = sound.Metadata.ToDictionary(pair => pair.Key, pair => pair.Value);
        metadata["samsegmentation.config"] = metadata["samsegmentation.config"].Replace("\"EncoderDim\":8", "\"EncoderDim\":8000000", StringComparison.Ordinal);
        using var checkpoint = Written(model.state_dict(), metadata);

        var error = Assert.Throws<CheckpointFormatException>(() => SamCheckpoint.InferConfig(checkpoint));

        Assert.Contains("contradict", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image_encoder.neck.0.weight", new long[] { 100_000, 8, 1, 1 })]
    [InlineData("image_encoder.patch_embed.proj.weight", new long[] { 8, 3, 900, 8 })]
    [InlineData("image_encoder.pos_embed", new long[] { 1, 4, 5, 8 })]
    [InlineData("image_encoder.blocks.1.attn.rel_pos_h", new long[] { 6, 4 })]
    [InlineData("image_encoder.blocks.0.attn.rel_pos_w", new long[] { 7, 3 })]
    [InlineData("image_encoder.blocks.0.mlp.lin1.weight", new long[] { 32 })]
    public void InferConfig_OneShapeThatFitsNoNetwork_Fails(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        using var model = new SemanticSam(Tiny, 3);
        var state = model.state_dict();
        state[name] = zeros(shape);
        using var checkpoint = Written(state);

        var error = Assert.Throws<CheckpointFormatException>(() => SamCheckpoint.InferConfig(checkpoint));

        Assert.Equal(checkpoint.Path, error.Path);
    }

    [Fact]
    public void InferConfig_AMissingWeight_IsNamed()
    {
        using var model = new SemanticSam(Tiny, 3);
        var state = model.state_dict();
        state.Remove("image_encoder.neck.0.weight");
        using var checkpoint = Written(state);

        var error = Assert.Throws<CheckpointFormatException>(() => SamCheckpoint.InferConfig(checkpoint));

        Assert.Contains("image_encoder.neck.0.weight", error.Message, StringComparison.Ordinal);
    }

    private Checkpoint Written(IEnumerable<KeyValuePair<string, Tensor>> tensors, Dictionary<string, string>? metadata = null) =>
        TinyCheckpoint.Write(_folder, tensors, metadata);
}
