using SamSegmentation.ML.Tests;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Optim;

[Collection(LiveTensors.Alone)]
public sealed class OptimizerTests
{
    [Fact]
    public void Groups_HaveTheirOwnOptions_AndTheDefaultsForTheRest()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (new Parameter(ones(2)), new Parameter(ones(2)));
        using var optimizer = optim.SGD(
            [new SGD.ParamGroup([a], new SGD.Options { LearningRate = 0.5 }), new SGD.ParamGroup([b], new SGD.Options { weight_decay = 1 })],
            0.1, momentum: 0, weight_decay: 0);
        Assert.Equal([0.5, 0.1], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal([0.5, 0.1], optimizer.ParamGroups.Select(group => group.InitialLearningRate));
        Assert.Equal(2, optimizer.parameters().Count());
        ((a + b) * 2).sum().backward();
        optimizer.step();
        TensorAssert.Equal([0, 0], a);
        // 1 − 0.1·(2 + 1·1)
        TensorAssert.Equal([0.7, 0.7], b, 1e-6);
    }

    [Fact]
    public void LearningRate_OfAGroup_CountsFromTheNextStep()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(zeros(1));
        using var optimizer = optim.SGD([weight], 1);
        foreach (var rate in new[] { 1.0, 0.5, 0.25 })
        {
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = rate;
            optimizer.zero_grad();
            weight.sum().backward();
            optimizer.step();
        }
        TensorAssert.Equal([-1.75], weight);
    }

    [Fact]
    public void ZeroGrad_FillsWithZeros()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(2));
        using var optimizer = optim.AdamW([weight]);
        optimizer.zero_grad();
        Assert.Null(Gradient.Of(weight.grad));
        weight.sum().backward();
        optimizer.zero_grad();
        TensorAssert.Equal([0, 0], Gradient.Of(weight.grad)!);
    }

    [Fact]
    public void Step_LeavesParametersWithoutGradient()
    {
        using var scope = NewDisposeScope();
        var (used, unused) = (new Parameter(ones(1)), new Parameter(ones(1)));
        using var optimizer = optim.AdamW([used, unused], weight_decay: 0.5);
        used.sum().backward();
        optimizer.step();
        TensorAssert.Equal([1], unused);
        Assert.NotEqual(1, used.item<float>());
    }

    [Fact]
    public void Step_WithAClosure_GivesItsLoss()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(1));
        using var optimizer = optim.SGD([weight], 0.1);
        using (no_grad())
        {
            var loss = optimizer.step(() =>
            {
                optimizer.zero_grad();
                var value = (weight * 3).sum();
                value.backward();
                return value;
            });
            Assert.Equal(3, loss!.item<float>());
        }
        TensorAssert.Equal([0.7], weight, 1e-6);
    }

    [Fact]
    public void State_HoldsTheMomenta()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(2));
        using var optimizer = optim.Adam([weight], beta1: 0.9, beta2: 0.99);
        (weight * 2).sum().backward();
        optimizer.step();
        var state = (Adam.State)optimizer.state_dict().State.Single();
        Assert.Equal(1, state.step);
        TensorAssert.Equal([0.2, 0.2], state.exp_avg, 1e-6);
        TensorAssert.Equal([0.04, 0.04], state.exp_avg_sq, 1e-6);
        Assert.Null(state.max_exp_avg_sq);
        var options = (Adam.Options)optimizer.state_dict().Options.Single();
        Assert.Equal(0.9, options.beta1);
        Assert.Equal(0.99, options.beta2);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void SaveAndLoad_GoesOnAsIfNothingHadHappened(string kind)
    {
        double[] uninterrupted = Run(kind, 6, saveAfter: null);
        Assert.Equal(uninterrupted, Run(kind, 6, saveAfter: 3));
        Assert.NotEqual(uninterrupted, Run(kind, 5, saveAfter: null));
    }

    [Fact]
    public void Load_IntoAnotherKind_IsAnError()
    {
        using var scope = NewDisposeScope();
        using var memory = new MemoryStream();
        using var sgd = optim.SGD([new Parameter(ones(1))], 0.1);
        using var adam = optim.Adam([new Parameter(ones(1))]);
        sgd.save_state_dict(new BinaryWriter(memory));
        memory.Position = 0;
        var error = Assert.Throws<InvalidDataException>(() => adam.load_state_dict(new BinaryReader(memory)));
        Assert.Contains("'Adam'", error.Message);
        Assert.Contains("'SGD'", error.Message);
    }

    [Fact]
    public void Load_OfAnotherNumberOfParameters_IsAnError()
    {
        using var scope = NewDisposeScope();
        using var memory = new MemoryStream();
        using var one = optim.SGD([new Parameter(ones(1))], 0.1);
        using var two = optim.SGD([new Parameter(ones(1)), new Parameter(ones(1))], 0.1);
        one.save_state_dict(new BinaryWriter(memory));
        memory.Position = 0;
        Assert.Throws<ArgumentException>(() => two.load_state_dict(new BinaryReader(memory)));
    }

    [Fact]
    public void Create_WithSettingsOutOfRange_IsAnError()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones(1));
        Assert.Throws<ArgumentException>(() => optim.SGD([weight], -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([weight], 1, momentum: -0.1));
        Assert.Throws<ArgumentException>(() => optim.SGD([weight], 1, weight_decay: -0.1));
        Assert.Throws<ArgumentException>(() => optim.SGD([weight], 1, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.Adam([weight], -1));
        Assert.Throws<ArgumentException>(() => optim.Adam([weight], beta1: 1));
        Assert.Throws<ArgumentException>(() => optim.AdamW([weight], beta2: 1));
        Assert.Throws<ArgumentException>(() => optim.AdamW([weight], eps: -1));
    }

    [Fact]
    public void Dispose_FreesTheState()
    {
        var weight = new Parameter(ones(2));
        long before = LiveTensors.Count();
        using (var optimizer = optim.AdamW([weight], amsgrad: true))
        {
            using var scope = NewDisposeScope();
            weight.sum().backward();
            optimizer.step();
        }
        Assert.Equal(before, LiveTensors.Count());
        weight.Dispose();
    }

    [Fact]
    public void ClipGradNorm_ScalesAllGradientsTogether()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (new Parameter(zeros(1)), new Parameter(zeros(1)));
        (a * 3 + b * 4).sum().backward();
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-6);
        TensorAssert.Equal([0.6], Gradient.Of(a.grad)!, 1e-6);
        TensorAssert.Equal([0.8], Gradient.Of(b.grad)!, 1e-6);
        // Shorter ones stay as they are.
        Assert.Equal(1, nn.utils.clip_grad_norm_([a, b], 2), 1e-5);
        TensorAssert.Equal([0.6], Gradient.Of(a.grad)!, 1e-6);
        nn.utils.clip_grad_value_([a, b], 0.7);
        TensorAssert.Equal([0.7], Gradient.Of(b.grad)!, 1e-6);
    }

    private static double[] Run(string kind, int steps, int? saveAfter)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(tensor(new[] { 1.0, -2, 0.5 }));
        var optimizer = Create(kind, weight);
        for (int step = 0; step < steps; step++)
        {
            if (step == saveAfter)
            {
                using var memory = new MemoryStream();
                optimizer.save_state_dict(new BinaryWriter(memory));
                memory.Position = 0;
                optimizer.Dispose();
                optimizer = Create(kind, weight);
                optimizer.load_state_dict(new BinaryReader(memory));
            }
            optimizer.zero_grad();
            (weight * weight * weight).sum().backward();
            optimizer.step();
        }
        optimizer.Dispose();
        return TensorAssert.Values(weight);
    }

    private static OptimizerHelper Create(string kind, Parameter weight) => kind switch
    {
        "sgd" => optim.SGD([weight], 0.01, momentum: 0.9, nesterov: true),
        "adam" => optim.Adam([weight], 0.01, weight_decay: 0.1),
        _ => optim.AdamW([weight], 0.01, weight_decay: 0.1),
    };
}
