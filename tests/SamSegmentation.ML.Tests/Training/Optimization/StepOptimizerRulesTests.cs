using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Optimization;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Optimization;

/// <summary>What no golden case states of a step: other betas, clipping.</summary>
public sealed class StepOptimizerRulesTests
{
    [Fact]
    public void Step_Betas_AreThoseOfTheOptions()
    {
        // With β₁ = 0 and β₂ = 0 Adam's step is the gradient's sign.
        using var weight = nn.Parameter(tensor(new double[] { 3, -5 }));
        using var optimizer = Make(new() { Optimizer = OptimizerKind.Adam, LearningRate = 0.1, WeightDecay = 0, Beta1 = 0, Beta2 = 0 }, ("w", weight));
        for (var step = 0; step < 2; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.ZeroGradients();
            (weight * weight * weight).sum().backward();
            optimizer.Step(factor: 1);
        }

        Assert.Equal([2.8, -5.2], weight.data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-7);
    }

    [Fact]
    public void Clip_GradientsOfAllGroupsTogether_AreBroughtToTheNorm()
    {
        using var a = nn.Parameter(zeros(2, dtype: ScalarType.Float64));
        using var b = nn.Parameter(zeros(1, dtype: ScalarType.Float64));
        var options = new TrainingOptions
        {
            Optimizer = OptimizerKind.Sgd,
            LearningRate = 1,
            Momentum = 0,
            WeightDecay = 0,
            ClippingNorm = 6.5,
            Parts = new Dictionary<string, PartOverride> { ["b"] = new() { LearningRate = 2 } },
        };
        using var optimizer = Make(options, ("a", a), ("b", b));
        using (var factors = tensor(new double[] { 3, 4 }))
        using (NewDisposeScope())
            ((a * factors).sum() + 12 * b.sum()).backward();

        var norm = optimizer.Clip();
        optimizer.Step(factor: 0.5);

        // The gradients (3, 4) and (12) have the norm 13; half of them are left.
        Assert.Equal(13, norm!.Value, 1e-9);
        Assert.Equal([-0.75, -1], a.data<double>().ToArray(), (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal(-6, b.item<double>(), 1e-5);
    }

    [Fact]
    public void Clip_NoNorm_LeavesGradientsAlone()
    {
        using var weight = nn.Parameter(zeros(1));
        using var optimizer = Make(new(), ("w", weight));

        Assert.Null(optimizer.Clip());
    }

    private static StepOptimizer Make(TrainingOptions options, params (string, Parameter)[] parameters) =>
        new(ParameterGroup.Divide(parameters, options), options);
}
