using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Golden;
using SamSegmentation.ML.Tests.Golden.Slow;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling.Adapters;

/// <summary>Gradients of the adapters, in float64, against differences of the loss.</summary>
public sealed class AdapterGradientTests
{
    private const double Step = 1e-6;

    [Theory]
    [InlineData("window does not divide the grid", 0)]
    [InlineData("all blocks global", 1)]
    public void Backward_EveryAdapter_EqualsTheDifferenceOfLossesAndNothingElseHasOne(string name, int firstBlock)
    {
        using var scope = NewDisposeScope();
        var (config, classes, batch) = OddNetworks.All[name];
        using var model = new SemanticSam(config, classes);
        GoldenWeights.Fill(model);
        model.AddAdapters(AdaptedNetwork.Small with { FirstBlock = firstBlock });
        AdaptedNetwork.Disturb(model);
        model.to(ScalarType.Float64);
        foreach (var (parameter, value) in model.named_parameters())
            value.requires_grad = AdaptedNetwork.IsAdapter(parameter);
        var images = Input("images", batch, 3, config.ImageSize, config.ImageSize);

        Loss(model, images).backward();

        var compared = 0;
        foreach (var (parameter, value) in model.named_parameters())
        {
            using var own = NewDisposeScope();
            var gradient = Slope.Read(value.grad);
            Assert.Equal(AdaptedNetwork.IsAdapter(parameter), gradient is not null);
            if (gradient is null)
                continue;
            var direction = Input(parameter, value.shape);
            var (slope, analytic) = (Slope.ByDifference(() => Loss(model, images), value, direction, Step), (gradient * direction).sum().item<double>());
            Assert.True(Math.Abs(analytic - slope) <= 1e-6 * Math.Abs(slope) + 1e-8, $"{parameter}: {analytic} by backward, {slope} by difference");
            Assert.True(Math.Abs(slope) > 1e-5, $"{parameter}: a slope of {slope} shows nothing.");
            compared++;
        }
        Assert.Equal(8 * (config.EncoderDepth - firstBlock), compared);
    }

    [Fact]
    public void TokensBefore_FirstAdaptedBlock_HaveNoGradient()
    {
        using var scope = NewDisposeScope();
        var (config, classes, batch) = OddNetworks.All["all blocks global"];
        using var model = new SemanticSam(config, classes);
        model.AddAdapters(AdaptedNetwork.Small with { FirstBlock = 1 });
        foreach (var (parameter, value) in model.named_parameters())
            value.requires_grad = AdaptedNetwork.IsAdapter(parameter);
        var images = rand(batch, 3, config.ImageSize, config.ImageSize);

        Assert.False(model.image_encoder.tokens_before(images, 1).requires_grad);
        Assert.True(model.image_encoder.tokens_before(images, 2).requires_grad);
    }

    private static Tensor Loss(SemanticSam model, Tensor images)
    {
        using var scope = NewDisposeScope();
        var logits = model.forward(images);
        return (logits * Input("loss", logits.shape)).sum().MoveToOuterDisposeScope();
    }

    private static Tensor Input(string name, params long[] shape) => tensor(SlowWeights.Input(name, shape.Aggregate((product, size) => product * size)), shape);
}
