using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Tests.Golden;
using SamSegmentation.ML.Tests.Golden.Slow;
using SamSegmentation.ML.Tests.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling.Heads;

// Alone: some seed the process's generator.
[Collection(LiveTensors.Alone)]
public sealed class SemanticSamHeadTests
{
    public static TheoryData<HeadConfig> Heads => HeadNetworks.All;

    [Theory]
    [MemberData(nameof(Heads))]
    public void Forward_AnyHead_GivesLogitsOnItsGridFromItsPartsAlone(HeadConfig head)
    {
        using var scope = NewDisposeScope();
        using var model = new SemanticSam(TinyNetwork.Config, 4, head);
        var isDecoder = head.Kind == HeadKind.MaskDecoder;

        using var embeddings = model.encode(HeadNetworks.Images());
        using var logits = model.decode(embeddings);

        Assert.Equal([2L, 16 * (1 + head.FeatureBlocks.Count), 8, 8], embeddings.shape);
        Assert.Equal(isDecoder ? [2L, 4, 32, 32] : [2L, 4, 8, 8], logits.shape);
        string[] expected =
        [
            "image_encoder",
            .. isDecoder ? (string[])["mask_decoder", "prompt_encoder"] : ["semantic_head"],
            .. head.FeatureBlocks.Count > 0 ? (string[])["feature_fusion", "feature_projection"] : [],
        ];
        Assert.Equal(expected.Order(), model.state_dict().Keys.Select(name => name.Split('.')[0]).Distinct().Order());
    }

    [Theory]
    [InlineData(HeadKind.MaskDecoder)]
    [InlineData(HeadKind.Linear)]
    [InlineData(HeadKind.Aspp)]
    [InlineData(HeadKind.PyramidPooling)]
    public void Forward_FeaturesAsMade_EqualsTheHeadWithoutThemBitForBit(HeadKind kind)
    {
        using var scope = NewDisposeScope();
        var plain = Seeded(new HeadConfig { Kind = kind });
        var fed = Seeded(new HeadConfig { Kind = kind, FeatureBlocks = [0, 1] });
        var images = HeadNetworks.Images();
        using var noGradient = no_grad();

        Assert.Equal(plain.forward(images).contiguous().bytes.ToArray(), fed.forward(images).contiguous().bytes.ToArray());
        plain.Dispose();
        fed.Dispose();

        static SemanticSam Seeded(HeadConfig head)
        {
            manual_seed(5);
            return new SemanticSam(TinyNetwork.Config, 3, head);
        }
    }

    [Fact]
    public void Encode_WithFeatures_IsTheEmbeddingThenEachBlocksNormalisedTokensProjected()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = HeadNetworks.Create(new HeadConfig { FeatureBlocks = [0, 1] });
        var images = HeadNetworks.Images();

        var encoded = model.encode(images);

        Assert.True(encoded.narrow(1, 0, 16).eq(model.image_encoder.forward(images)).all().ToBoolean());
        var tokens = model.image_encoder.tokens_before(images, 1)[1, 3, 6].data<float>().ToArray();
        var (mean, variance) = (tokens.Average(), tokens.Average(x => Math.Pow(x - tokens.Average(), 2)));
        var directions = model.state_dict()["feature_projection.directions"];
        for (var channel = 0; channel < 16; channel++)
        {
            var direction = directions[0, channel].data<float>().ToArray();
            var expected = tokens.Zip(direction, (x, d) => (x - mean) / Math.Sqrt(variance + 1e-6) * d).Sum();
            Assert.Equal(expected, encoded[1, 16 + channel, 3, 6].ToSingle(), 1e-4);
        }
    }

    [Fact]
    public void EncodeFrom_ABlockBeforeAllFeatures_EqualsEncode()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.Linear, FeatureBlocks = [1] });
        using var early = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.Linear, FeatureBlocks = [0] });
        var images = HeadNetworks.Images();
        var tokens = model.image_encoder.tokens_before(images, 1);

        Assert.True(model.encode(images).eq(model.encode_from(tokens, 1)).all().ToBoolean());
        Assert.Equal((1, 0, 0), (model.LastStart(1), model.LastStart(0), early.LastStart(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => early.encode_from(tokens, 1));
    }

    [Theory]
    [InlineData(5, 12)]
    [InlineData(12, 12)]
    [InlineData(12, 5)]
    public void FeatureProjection_Directions_AreOrthonormalAndDrawNothingFromTorch(int channels, int width)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var first = new FeatureProjection([0, 4], width, channels);
        var next = rand(1).ToSingle();
        manual_seed(3);
        Assert.Equal(rand(1).ToSingle(), next);

        var directions = first.state_dict()["directions"];
        for (var i = 0; i < 2; i++)
        {
            var rows = channels <= width ? directions[i] : directions[i].transpose(0, 1);
            Assert.InRange((rows.matmul(rows.transpose(0, 1)) - eye(Math.Min(channels, width))).abs().max().ToSingle(), 0, 1e-6);
        }
        Assert.False(directions[0].eq(directions[1]).all().ToBoolean());
        // A block's directions do not depend on which others are asked for.
        using var alone = new FeatureProjection([4], width, channels);
        Assert.True(directions[1].eq(alone.state_dict()["directions"][0]).all().ToBoolean());
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Backward_AnyHead_EqualsTheDifferenceOfLosses(HeadConfig head)
    {
        using var scope = NewDisposeScope();
        var config = OddNetworks.All["window does not divide the grid"].Config;
        using var model = new SemanticSam(config, 3, head);
        GoldenWeights.Fill(model);
        model.to(ScalarType.Float64);
        var images = tensor(SlowWeights.Input("images", 2L * 3 * 20 * 20), [2L, 3, 20, 20]);

        Loss(model, images).backward();

        var checkedParts = new HashSet<string>();
        foreach (var (name, value) in model.named_parameters())
        {
            using var leaf = NewDisposeScope();
            var direction = tensor(SlowWeights.Input(name, value.numel()), value.shape);
            var slope = Slope.ByDifference(() => Loss(model, images), value, direction, 1e-5);
            var analytic = Slope.Read(value.grad) is { } gradient ? (gradient * direction).sum().item<double>() : 0;
            Assert.True(Math.Abs(analytic - slope) <= 1e-6 * Math.Abs(slope) + 1e-8, $"{name}: {analytic} by backward, {slope} by difference");
            if (Math.Abs(slope) > 1e-5)
                checkedParts.Add(name.Split('.')[0]);
        }
        Assert.Contains("image_encoder", checkedParts);
        Assert.Contains(head.Kind == HeadKind.MaskDecoder ? "mask_decoder" : "semantic_head", checkedParts);
        Assert.Equal(head.FeatureBlocks.Count > 0, checkedParts.Contains("feature_fusion"));
    }

    private static Tensor Loss(SemanticSam model, Tensor images)
    {
        using var scope = NewDisposeScope();
        var logits = MaskUpsampling.Upsample(model.forward(images), 0.8, 1, 13, 17);
        return (logits * tensor(SlowWeights.Input("loss", logits.numel()), logits.shape)).sum().MoveToOuterDisposeScope();
    }
}
