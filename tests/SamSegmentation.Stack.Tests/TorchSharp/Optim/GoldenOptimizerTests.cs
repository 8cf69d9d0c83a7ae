using System.Text.Json;
using SamSegmentation.ML.Tests.Golden;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Optim;

/// <summary>PyTorch's optimisers and schedules in float64, from golden/parts/optim.json.</summary>
public sealed class GoldenOptimizerTests
{
    private static readonly int[] s_recorded = [1, 5, 10];

    [Theory]
    [InlineData("sgd")]
    [InlineData("sgd_momentum_wd")]
    [InlineData("sgd_nesterov")]
    [InlineData("sgd_dampening")]
    [InlineData("adam")]
    [InlineData("adam_wd")]
    [InlineData("adamw")]
    [InlineData("adamw_amsgrad")]
    public void Step_OnThePublishedGradient_GivesPyTorchsWeights(string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenParts.Json("optim.json");
        var weight = new Parameter(tensor(Numbers(golden.GetProperty("start")), 3, 4));
        var slope = linspace(0.5, 2, 12, ScalarType.Float64).reshape(3, 4);
        using var optimizer = Create(name, weight);

        var expected = golden.GetProperty("optimisers").GetProperty(name).EnumerateArray().Select(Numbers).ToArray();
        for (int step = 1; step <= s_recorded[^1]; step++)
        {
            optimizer.zero_grad();
            // Its gradient is slope·w + sin(3w).
            (slope * weight * weight / 2 - (weight * 3).cos() / 3).sum().backward();
            optimizer.step();
            int recorded = Array.IndexOf(s_recorded, step);
            if (recorded < 0)
                continue;
            double[] found = weight.detach().clone().reshape(-1).data<double>().ToArray();
            for (int n = 0; n < found.Length; n++)
                Assert.Equal(expected[recorded][n], found[n], 1e-12);
        }
    }

    [Theory]
    [InlineData("step_3_0.5")]
    [InlineData("multistep_2_5_9_0.1")]
    [InlineData("cosine_T12")]
    [InlineData("cosine_T12_min0.01")]
    [InlineData("exponential_0.9")]
    [InlineData("onecycle_max1_12")]
    [InlineData("constant_0.5_for_4")]
    public void Step_OfAScheduler_SetsPyTorchsRates(string name)
    {
        using var scope = NewDisposeScope();
        using var optimizer = optim.SGD([new Parameter(zeros(1))], 0.2, momentum: 0.9);
        var schedule = Schedule(name, optimizer);
        foreach (double expected in Numbers(GoldenParts.Json("optim.json").GetProperty("schedules").GetProperty(name)))
        {
            Assert.Equal(expected, optimizer.ParamGroups.Single().LearningRate, 1e-12);
            Assert.Equal(expected, schedule.get_last_lr().Single(), 1e-12);
            optimizer.step();
            schedule.step();
        }
    }

    private static OptimizerHelper Create(string name, Parameter weight) => name switch
    {
        "sgd" => optim.SGD([weight], 0.1),
        "sgd_momentum_wd" => optim.SGD([weight], 0.1, momentum: 0.9, weight_decay: 0.01),
        "sgd_nesterov" => optim.SGD([weight], 0.1, momentum: 0.9, nesterov: true),
        "sgd_dampening" => optim.SGD([weight], 0.1, momentum: 0.9, dampening: 0.2),
        "adam" => optim.Adam([weight], 0.05),
        "adam_wd" => optim.Adam([weight], 0.05, beta1: 0.8, beta2: 0.95, eps: 1e-6, weight_decay: 0.1),
        "adamw" => optim.AdamW([weight], 0.05, weight_decay: 0.1),
        "adamw_amsgrad" => optim.AdamW([weight], 0.05, weight_decay: 0.1, amsgrad: true),
        _ => throw new ArgumentException(name),
    };

    private static optim.lr_scheduler.LRScheduler Schedule(string name, optim.Optimizer optimizer) => name switch
    {
        "step_3_0.5" => optim.lr_scheduler.StepLR(optimizer, 3, 0.5),
        "multistep_2_5_9_0.1" => optim.lr_scheduler.MultiStepLR(optimizer, [2, 5, 9], 0.1),
        "cosine_T12" => optim.lr_scheduler.CosineAnnealingLR(optimizer, 12),
        "cosine_T12_min0.01" => optim.lr_scheduler.CosineAnnealingLR(optimizer, 12, 0.01),
        "exponential_0.9" => optim.lr_scheduler.ExponentialLR(optimizer, 0.9),
        "onecycle_max1_12" => optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps: 12),
        "constant_0.5_for_4" => optim.lr_scheduler.ConstantLR(optimizer, 0.5, 4),
        _ => throw new ArgumentException(name),
    };

    private static double[] Numbers(JsonElement element) => [.. element.EnumerateArray().Select(number => number.GetDouble())];
}
