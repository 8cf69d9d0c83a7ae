using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Golden;
using SamSegmentation.ML.Tests.Golden.Slow;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling;

/// <summary>Gradients of the whole network, in float64, against differences of the loss.</summary>
public sealed class GradientTests
{
    private const double Step = 1e-6;
    private const double Tolerance = 1e-6;

    // What rounding leaves of a difference of losses of about 10, divided by the step.
    private const double Noise = 1e-8;

    [Theory]
    [InlineData("window does not divide the grid")]
    [InlineData("window larger than the grid")]
    [InlineData("window divides the grid")]
    [InlineData("all blocks global")]
    [InlineData("three images")]
    public void Backward_EveryParameter_EqualsTheDifferenceOfLosses(string name)
    {
        var (config, classes, batch) = OddNetworks.All[name];
        using var scope = NewDisposeScope();
        using var model = new SemanticSam(config, classes);
        GoldenWeights.Fill(model);
        model.to(ScalarType.Float64);
        var images = Input("images", batch, 3, config.ImageSize, config.ImageSize);
        images.requires_grad_();

        Loss(model, images).backward();

        var leaves = model.named_parameters().Select(pair => (pair.name, tensor: (Tensor)pair.parameter)).Append(("images", images));
        var faults = new List<string>();
        var felt = new List<string>();
        foreach (var (leaf, value) in leaves)
        {
            using var leafScope = NewDisposeScope();
            var direction = Input(leaf, value.shape);
            var slope = Slope.ByDifference(() => Loss(model, images), value, direction, Step);
            var analytic = Slope.Read(value.grad) is { } gradient ? (gradient * direction).sum().item<double>() : 0;
            if (!(Math.Abs(analytic - slope) <= Tolerance * Math.Abs(slope) + Noise))
                faults.Add($"{leaf}: {analytic} by backward, {slope} by difference");
            if (Math.Abs(slope) > 1000 * Noise)
                felt.Add(leaf);
        }

        Assert.Empty(faults);
        // A check that noise hides checks nothing: relative positions, absolute ones, biases and images all matter.
        for (var i = 0; i < config.EncoderDepth; i++)
        {
            foreach (var part in new[] { "attn.rel_pos_h", "attn.rel_pos_w", "attn.qkv.weight", "attn.qkv.bias", "mlp.lin1.weight" })
                Assert.Contains($"image_encoder.blocks.{i}.{part}", felt);
        }
        Assert.Contains("image_encoder.pos_embed", felt);
        Assert.Contains("mask_decoder.mask_tokens.weight", felt);
        Assert.Contains("images", felt);
    }

    [Fact]
    public void Backward_FrozenEncoder_LeavesNoGradientInFrozenParts()
    {
        using var scope = NewDisposeScope();
        var (config, classes, batch) = OddNetworks.All["three images"];
        using var model = new SemanticSam(config, classes);
        GoldenWeights.Fill(model);
        const string Trained = "mask_decoder.output_hypernetworks_mlps.";
        foreach (var (name, parameter) in model.named_parameters())
            parameter.requires_grad = name.StartsWith(Trained, StringComparison.Ordinal);

        var embedding = model.encode(Input("images", batch, 3, config.ImageSize, config.ImageSize).to(ScalarType.Float32));
        Assert.False(embedding.requires_grad);
        model.decode(embedding).square().sum().backward();

        foreach (var (name, parameter) in model.named_parameters())
            Assert.Equal(name.StartsWith(Trained, StringComparison.Ordinal), Slope.Read(parameter.grad) is not null);
    }

    private static Tensor Loss(SemanticSam model, Tensor images)
    {
        using var scope = NewDisposeScope();
        var logits = MaskUpsampling.Upsample(model.forward(images), 0.8, 1, 13, 17);
        return (logits * Input("loss", logits.shape)).sum().MoveToOuterDisposeScope();
    }

    private static Tensor Input(string name, params long[] shape) => tensor(SlowWeights.Input(name, shape.Aggregate((product, size) => product * size)), shape);
}
