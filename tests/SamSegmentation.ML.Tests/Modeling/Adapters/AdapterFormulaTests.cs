using SamSegmentation.ML.Modeling.Adapters;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling.Adapters;

/// <summary>The adapters against their formulas, worked out by hand.</summary>
public sealed class AdapterFormulaTests
{
    [Fact]
    public void LowRankUpdate_Forward_IsAlphaOverRankTimesBAx()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var update = new LowRankUpdate(input: 3, output: 2, rank: 2, alpha: 3);
        Set(update, "a.weight", [1, 2, 3, 0, -1, 1]);
        Set(update, "b.weight", [2, 1, 0, 4]);

        // A·x = (1·1 + 2·0 − 3·1, 0·1 − 0 − 1·1) = (−2, −1); B·(−2, −1) = (−5, −4); 3/2 of it.
        Assert.Equal([-7.5f, -6f], Values(update.forward(tensor(new[] { 1f, 0f, -1f }))));
        // B·A = [[2, 3, 7], [0, −4, 4]]; 3/2 of it.
        Assert.Equal([3f, 4.5f, 10.5f, 0f, -6f, 6f], Values(update.delta()));
    }

    [Fact]
    public void LowRankUpdate_Start_HasKaimingUniformAAndZeroB()
    {
        using var update = new LowRankUpdate(input: 400, output: 5, rank: 50, alpha: 1);
        using var scope = NewDisposeScope();
        var a = Values(update.state_dict()["a.weight"]);

        // √6/√((1 + 5)·400) = 1/20, which 20,000 draws come near.
        Assert.InRange(a.Max(Math.Abs), 0.0499f, 0.05f);
        Assert.InRange(a.Average(), -0.001f, 0.001f);
        Assert.All(Values(update.state_dict()["b.weight"]), value => Assert.Equal(0, value));
    }

    [Fact]
    public void BottleneckAdapter_Forward_IsScaledUpOfReluOfDown()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var adapter = new BottleneckAdapter(width: 2, bottleneck: 2, scale: 0.5);
        Set(adapter, "down.weight", [1, 1, 1, -1]);
        Set(adapter, "down.bias", [0.5f, 0]);
        Set(adapter, "up.weight", [2, 7, 4, 7]);
        Set(adapter, "up.bias", [1, -1]);

        // Down: (1 + 2 + 0.5, 1 − 2) = (3.5, −1), ReLU (3.5, 0); up: (7 + 1, 14 − 1); half of it.
        Assert.Equal([4f, 6.5f], Values(adapter.forward(tensor(new[] { 1f, 2f }))));
    }

    [Fact]
    public void BottleneckAdapter_Start_GivesZeros()
    {
        using var adapter = new BottleneckAdapter(width: 4, bottleneck: 3, scale: 0.1);
        using var scope = NewDisposeScope();

        Assert.All(Values(adapter.forward(rand(5, 4))), value => Assert.Equal(0, value));
        Assert.Contains(Values(adapter.state_dict()["down.weight"]), value => value != 0);
    }

    private static void Set(nn.Module module, string name, float[] values)
    {
        var target = module.state_dict()[name];
        target.copy_(tensor(values).reshape(target.shape));
    }

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
