using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Tensors;

public sealed class ArithmeticTests
{
    [Fact]
    public void Operators_Broadcast()
    {
        using var scope = NewDisposeScope();
        var column = tensor(new[] { 1f, 2 }, 2, 1);
        var row = tensor(new[] { 10f, 20, 30 });
        TensorAssert.Equal([2, 3], [11, 21, 31, 12, 22, 32], column + row);
        TensorAssert.Equal([2, 3], [-9, -19, -29, -8, -18, -28], column - row);
        TensorAssert.Equal([2, 3], [10, 20, 30, 20, 40, 60], column * row);
        TensorAssert.Equal([2, 3], [10, 20, 30, 5, 10, 15], row / column);
        TensorAssert.Equal([2, 1], [9, 8], 10 - column);
        TensorAssert.Equal([2, 1], [1, 0.5], 1.0 / column);
        TensorAssert.Equal([2, 1], [-1, -2], -column);
    }

    [Fact]
    public void Operators_OfShapesThatDoNotFit_SayWhichDimension()
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsAny<System.Runtime.InteropServices.ExternalException>(() => zeros(2, 3) + zeros(2, 4));
        Assert.Contains("The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1", error.Message);
    }

    [Fact]
    public void InPlace_ChangesTheTensorItself()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new[] { 1f, 2, 3 });
        var same = a.alias();
        a.add_(1);
        a.mul_(2);
        a.sub_(tensor(new[] { 1f, 1, 1 }));
        a.div_(2);
        TensorAssert.Equal([1.5, 2.5, 3.5], a);
        TensorAssert.Equal([1.5, 2.5, 3.5], same);
        a.copy_(tensor(new[] { 9f, 8, 7 }));
        a.clamp_(7.5, 8.5);
        TensorAssert.Equal([8.5, 8, 7.5], a);
        a.zero_();
        a.fill_(3);
        TensorAssert.Equal([3, 3, 3], same);
    }

    [Fact]
    public void InPlace_ThatWouldBroadcastTheTarget_IsRefused()
    {
        using var scope = NewDisposeScope();
        var a = zeros(3);
        Assert.ThrowsAny<System.Runtime.InteropServices.ExternalException>(() => a.add_(zeros(2, 3)));
    }

    [Fact]
    public void Comparisons_GiveBool()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new[] { 1f, 2, 3 });
        Assert.Equal(ScalarType.Bool, (a > 2).dtype);
        TensorAssert.Equal([0, 0, 1], a > 2);
        TensorAssert.Equal([0, 1, 1], a >= 2);
        TensorAssert.Equal([1, 0, 0], a < 2);
        TensorAssert.Equal([1, 1, 0], a <= 2);
        TensorAssert.Equal([0, 1, 0], a == 2);
        TensorAssert.Equal([1, 0, 1], a != 2);
        TensorAssert.Equal([0, 1, 0], (a > 1).logical_and(a < 3));
        TensorAssert.Equal([1, 0, 1], (a == 2).logical_not());
        TensorAssert.Equal([1, 1, 0], a.equal(tensor(new[] { 1f, 2, 4 })));
        Assert.True(a.Equals(a.clone()));
        Assert.False(a.Equals(a + 1));
        Assert.True(a.allclose(a + 1e-9));
        Assert.False(a.allclose(a + 1e-2));
    }

    [Fact]
    public void ElementwiseFunctions_GiveTheirValues()
    {
        using var scope = NewDisposeScope();
        double[] at = [-0.7, 0.2, 0.9];
        var x = tensor(at);
        (Tensor Found, Func<double, double> Expected)[] cases =
        [
            (x.exp(), Math.Exp), (x.abs().log(), v => Math.Log(Math.Abs(v))), (x.abs().sqrt(), v => Math.Sqrt(Math.Abs(v))),
            (x.sin(), Math.Sin), (x.cos(), Math.Cos), (x.tanh(), Math.Tanh), (x.sigmoid(), v => 1 / (1 + Math.Exp(-v))),
            (x.pow(3), v => v * v * v), (x.square(), v => v * v), (x.abs(), Math.Abs), (x.floor(), Math.Floor), (x.ceil(), Math.Ceiling),
            (x.round(), v => Math.Round(v)), (x.sign(), v => Math.Sign(v)), (x.reciprocal(), v => 1 / v), (x.relu(), v => Math.Max(v, 0)),
            (x.abs().rsqrt(), v => 1 / Math.Sqrt(Math.Abs(v))), (x.expm1(), v => Math.Exp(v) - 1), (x.log1p(), v => Math.Log(1 + v)),
            (x.clamp(-0.5, 0.5), v => Math.Clamp(v, -0.5, 0.5)), (x.neg(), v => -v), (x.atan(), Math.Atan),
            (maximum(x, zeros_like(x)), v => Math.Max(v, 0)), (minimum(x, zeros_like(x)), v => Math.Min(v, 0)),
        ];
        foreach (var (found, expected) in cases)
            TensorAssert.Equal([.. at.Select(expected)], found, 1e-14);
    }

    [Fact]
    public void SpecialValues_AreTold()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { double.NaN, double.PositiveInfinity, 1 });
        TensorAssert.Equal([1, 0, 0], x.isnan());
        TensorAssert.Equal([0, 1, 0], x.isinf());
        TensorAssert.Equal([0, 0, 1], x.isfinite());
        Assert.True(double.IsNaN(x.sum().item<double>()));
    }

    [Fact]
    public void MatrixProducts_GiveTheirValues()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new[] { 1f, 2, 3, 4 }, 2, 2);
        var b = tensor(new[] { 5f, 6, 7, 8 }, 2, 2);
        TensorAssert.Equal([2, 2], [19, 22, 43, 50], a.matmul(b));
        TensorAssert.Equal([2, 2], [19, 22, 43, 50], a.mm(b));
        TensorAssert.Equal([2], [17, 39], a.mv(tensor(new[] { 5f, 6 })));
        TensorAssert.Equal([2, 2, 2], [19, 22, 43, 50, 19, 22, 43, 50], stack(new[] { a, a }).bmm(stack(new[] { b, b })));
        TensorAssert.Equal([3, 2, 2], [19, 22, 43, 50, 19, 22, 43, 50, 19, 22, 43, 50], a.expand(3, 2, 2).matmul(b));
        TensorAssert.Equal([2, 2], [20, 23, 44, 51], addmm(ones(2, 2), a, b, 1, 1));
        TensorAssert.Equal([2, 2], [19, 22, 43, 50], einsum("ij,jk->ik", a, b));
        Assert.Equal(17, tensor(new[] { 1f, 2 }).dot(tensor(new[] { 5f, 6 })).item<float>());
    }
}
