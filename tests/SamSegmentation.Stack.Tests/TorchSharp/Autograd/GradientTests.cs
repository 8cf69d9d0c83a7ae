using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Autograd;

/// <summary>The derivative of each operator and function that networks use, against finite differences.</summary>
public sealed class GradientTests
{
    private static readonly Dictionary<string, (Func<Tensor[], Tensor> Function, long[][] Shapes)> s_cases = new()
    {
        ["add"] = (x => x[0] + x[1], [[2, 3], [3]]),
        ["sub"] = (x => x[0] - x[1] * 2, [[2, 1], [2, 3]]),
        ["mul"] = (x => x[0] * x[1], [[2, 3], [1, 3]]),
        ["div"] = (x => x[0] / (x[1] + 3), [[2, 3], [2, 3]]),
        ["pow"] = (x => x[0].pow(3) + (x[0] + 4).pow(x[1]), [[4], [4]]),
        ["exp"] = (x => x[0].exp(), [[5]]),
        ["log"] = (x => (x[0] + 3).log(), [[5]]),
        ["sqrt"] = (x => (x[0] + 3).sqrt(), [[5]]),
        ["sin"] = (x => x[0].sin() + x[0].cos(), [[5]]),
        ["tanh"] = (x => x[0].tanh(), [[5]]),
        ["sigmoid"] = (x => x[0].sigmoid(), [[5]]),
        ["gelu"] = (x => nn.functional.gelu(x[0]), [[5]]),
        ["silu"] = (x => x[0].silu(), [[5]]),
        ["softplus"] = (x => nn.functional.softplus(x[0]), [[5]]),
        ["softmax"] = (x => nn.functional.softmax(x[0], -1), [[2, 4]]),
        ["log_softmax"] = (x => nn.functional.log_softmax(x[0], 1), [[2, 4]]),
        ["matmul"] = (x => x[0].matmul(x[1]), [[2, 3, 4], [4, 2]]),
        ["bmm"] = (x => x[0].bmm(x[1]), [[2, 2, 3], [2, 3, 2]]),
        ["mean"] = (x => x[0].mean([1], keepdim: true), [[2, 3]]),
        ["var"] = (x => x[0].var(1), [[2, 4]]),
        ["norm"] = (x => x[0].norm(), [[4]]),
        ["logsumexp"] = (x => x[0].logsumexp(1), [[2, 3]]),
        ["max"] = (x => x[0].max(1).values, [[2, 3]]),
        ["reshape"] = (x => x[0].transpose(0, 1).reshape(2, 3), [[2, 3]]),
        ["permute"] = (x => x[0].permute(2, 0, 1).square(), [[2, 2, 3]]),
        ["expand"] = (x => x[0].expand(3, 4).square(), [[1, 4]]),
        ["repeat"] = (x => x[0].repeat(2, 2).square(), [[2, 3]]),
        ["flip_roll"] = (x => x[0].flip(1).roll(1, 0).square(), [[2, 3]]),
        ["slice"] = (x => x[0][TensorIndex.Colon, TensorIndex.Slice(1, null, 2)].square(), [[2, 4]]),
        ["mask"] = (x => x[0].masked_fill(x[0] > 0.2, 0).square(), [[2, 4]]),
        ["index_select"] = (x => x[0].index_select(0, tensor(new[] { 1L, 1, 0 })).square(), [[2, 3]]),
        ["gather"] = (x => x[0].gather(1, tensor(new[] { 1L, 0, 2, 2 }, 2, 2)).square(), [[2, 3]]),
        ["where"] = (x => where(x[0] > x[1], x[0], x[1].square()), [[2, 3], [2, 3]]),
        ["cat"] = (x => cat([x[0], x[1]], 1).square(), [[2, 2], [2, 3]]),
        ["stack"] = (x => stack(new[] { x[0], x[1] }, 1).square(), [[2], [2]]),
        ["einsum"] = (x => einsum("bhc,hkc->bhk", x[0], x[1]), [[2, 2, 3], [2, 2, 3]]),
        ["linear"] = (x => nn.functional.linear(x[0], x[1], x[2]), [[2, 3], [2, 3], [2]]),
        ["conv2d"] = (x => nn.functional.conv2d(x[0], x[1], x[2], [2, 2], [1, 1]), [[1, 2, 4, 4], [3, 2, 3, 3], [3]]),
        ["conv_transpose2d"] = (x => nn.functional.conv_transpose2d(x[0], x[1], x[2], [2, 2]), [[1, 2, 2, 2], [2, 3, 2, 2], [3]]),
        ["layer_norm"] = (x => nn.functional.layer_norm(x[0], [4], x[1], x[2]), [[3, 4], [4], [4]]),
        ["group_norm"] = (x => nn.functional.group_norm(x[0], 2, x[1], x[2]), [[2, 4, 3], [4], [4]]),
        ["bilinear"] = (x => nn.functional.interpolate(x[0], [5, 7], mode: InterpolationMode.Bilinear, align_corners: false), [[1, 2, 3, 4]]),
        ["pad"] = (x => nn.functional.pad(x[0], [1, 2, 0, 1]).square(), [[1, 2, 3]]),
        ["avg_pool"] = (x => nn.functional.avg_pool2d(x[0], 2), [[1, 1, 4, 4]]),
        ["cross_entropy"] = (
            x => nn.functional.cross_entropy(
                x[0], tensor(new[] { 2L, 0, 255, 1 }), tensor(new[] { 0.5, 1.5, 1 }), ignore_index: 255, label_smoothing: 0.1),
            [[4, 3]]),
        ["nll"] = (x => nn.functional.nll_loss(nn.functional.log_softmax(x[0], 1), tensor(new[] { 2L, 0 })), [[2, 3]]),
        ["bce_logits"] = (x => nn.functional.binary_cross_entropy_with_logits(x[0], tensor(new[] { 1.0, 0, 1 })), [[3]]),
        ["mse"] = (x => nn.functional.mse_loss(x[0], x[1]), [[3], [3]]),
        ["smooth_l1"] = (x => nn.functional.smooth_l1_loss(x[0], x[1] * 4), [[3], [3]]),
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_OfAnOperator_IsItsDerivative(string name)
    {
        using var scope = NewDisposeScope();
        var (function, shapes) = s_cases[name];
        var inputs = shapes.Select((shape, n) => Numbers(shape, n + name.Length)).ToArray();
        FiniteDifferences.Check(function, inputs);
    }

    [Fact]
    public void Backward_OfSecondDerivatives()
    {
        using var scope = NewDisposeScope();
        var x = Numbers([3], 1).requires_grad_(true);
        var first = autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];
        var second = autograd.grad([first.sum()], [x])[0];
        TensorAssert.Close(x.detach() * 6, second, 1e-12);
    }

    /// <summary>Numbers in −1..1 with two decimals' distance from each other, so that no maximum is ambiguous.</summary>
    private static Tensor Numbers(long[] shape, int seed)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        return arange(count).to_type(ScalarType.Float64).mul(2.39996).add(seed).sin().reshape(shape);
    }
}
