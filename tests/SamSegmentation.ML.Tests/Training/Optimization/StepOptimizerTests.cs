using System.Text.Json;
using SamSegmentation.ML.Tests.Golden;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Optimization;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Optimization;

/// <summary>
/// The trainer's optimisers give PyTorch's weights in float64 (golden/parts/optim.json), for every variant that options
/// can ask for: dampening, amsgrad and another epsilon are not among them.
/// </summary>
public sealed class StepOptimizerTests
{
    private const double Tolerance = 1e-12;

    private static readonly int[] s_recorded = [1, 5, 10];

    private static readonly Dictionary<string, TrainingOptions> s_variants = new()
    {
        ["sgd"] = new() { Optimizer = OptimizerKind.Sgd, LearningRate = 0.1, Momentum = 0, WeightDecay = 0 },
        ["sgd_momentum_wd"] = new() { Optimizer = OptimizerKind.Sgd, LearningRate = 0.1, Momentum = 0.9, WeightDecay = 0.01 },
        ["sgd_nesterov"] = new() { Optimizer = OptimizerKind.Sgd, LearningRate = 0.1, Nesterov = true, WeightDecay = 0 },
        ["adam"] = new() { Optimizer = OptimizerKind.Adam, LearningRate = 0.05, WeightDecay = 0 },
        ["adamw"] = new() { Optimizer = OptimizerKind.AdamW, LearningRate = 0.05, WeightDecay = 0.1 },
    };

    public static TheoryData<string> Variants { get; } = [.. s_variants.Keys];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Step_AnyVariant_GivesPyTorchsWeights(string name)
    {
        using var scope = NewDisposeScope();
        var weight = Start();
        using var optimizer = Create(s_variants[name], ("a", weight));

        AssertFollows(name, weight, optimizer, factor: 1, [weight]);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Step_PartWithItsOwnSettings_FollowsThemTimesTheFactor(string name)
    {
        using var scope = NewDisposeScope();
        var own = s_variants[name];
        var (other, weight) = (Start(), Start());
        var part = new PartOverride { LearningRate = own.LearningRate * 4, WeightDecay = own.WeightDecay };
        using var optimizer = Create(
            own with { LearningRate = 0.02, WeightDecay = 0.3, Parts = new Dictionary<string, PartOverride> { ["b"] = part } },
            ("a", other),
            ("b", weight));

        AssertFollows(name, weight, optimizer, factor: 0.25, [weight, other]);
        Assert.NotEqual(Values(weight), Values(other));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Step_OtherPartHasItsOwnSettings_FollowsTheOptionsTimesTheFactor(string name)
    {
        using var scope = NewDisposeScope();
        var own = s_variants[name];
        var (other, weight) = (Start(), Start());
        var part = new PartOverride { LearningRate = 0.02, WeightDecay = 0.3 };
        using var optimizer = Create(
            own with { LearningRate = own.LearningRate * 4, Parts = new Dictionary<string, PartOverride> { ["b"] = part } },
            ("a", weight),
            ("b", other));

        AssertFollows(name, weight, optimizer, factor: 0.25, [weight, other]);
        Assert.NotEqual(Values(weight), Values(other));
    }

    private static StepOptimizer Create(TrainingOptions options, params (string Name, Parameter Parameter)[] parameters) =>
        new(ParameterGroup.Divide(parameters, options), options);

    private static void AssertFollows(string golden, Parameter weight, StepOptimizer optimizer, double factor, Parameter[] trained)
    {
        var expected = GoldenParts.Json("optim.json").GetProperty("optimisers").GetProperty(golden);
        for (var step = 1; step <= s_recorded[^1]; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.ZeroGradients();
            foreach (var parameter in trained)
                Loss(parameter).backward();
            optimizer.Step(factor);
            if (Array.IndexOf(s_recorded, step) is var recorded and >= 0)
                Assert.All(Values(weight).Zip(Numbers(expected[recorded])), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
        }
    }

    // Its gradient is A·w + sin(3w), A from ½ to 2.
    private static Tensor Loss(Tensor weight) =>
        (linspace(0.5, 2, 12, ScalarType.Float64).reshape(3, 4) * weight * weight / 2 - (weight * 3).cos() / 3).sum();

    private static Parameter Start() => new(tensor(Numbers(GoldenParts.Json("optim.json").GetProperty("start")), 3, 4));

    private static double[] Values(Tensor weight)
    {
        using var scope = NewDisposeScope();
        return weight.detach().clone().reshape(-1).data<double>().ToArray();
    }

    private static double[] Numbers(JsonElement numbers) => [.. numbers.EnumerateArray().Select(number => number.GetDouble())];
}
