using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Tensors;

public sealed class ReductionTests
{
    private static Tensor Matrix() => tensor(new double[] { 1, 2, 3, 4, 5, 6 }, 2, 3);

    [Fact]
    public void Sum_AlongDimensions()
    {
        using var scope = NewDisposeScope();
        var x = Matrix();
        TensorAssert.Equal([], [21], x.sum());
        TensorAssert.Equal([3], [5, 7, 9], x.sum(0L));
        TensorAssert.Equal([2, 1], [6, 15], x.sum(1, keepdim: true));
        TensorAssert.Equal([], [21], x.sum([0, 1]));
        TensorAssert.Equal([2, 3], [1, 3, 6, 4, 9, 15], x.cumsum(1));
    }

    [Fact]
    public void MeanVarianceDeviationNorm_GiveTheirValues()
    {
        using var scope = NewDisposeScope();
        var x = Matrix();
        TensorAssert.Equal([3.5], x.mean());
        TensorAssert.Equal([2], [2, 5], x.mean([1]));
        TensorAssert.Equal([2, 1], [2, 5], x.mean([1], keepdim: true));
        TensorAssert.Equal([3.5], x.var(), 1e-14);
        TensorAssert.Equal([2.0 / 3, 2.0 / 3], x.var([1], unbiased: false), 1e-14);
        TensorAssert.Equal([Math.Sqrt(17.5 / 6)], x.std(false), 1e-14);
        TensorAssert.Equal([Math.Sqrt(3.5)], x.std(), 1e-14);
        TensorAssert.Equal([Math.Sqrt(91)], x.norm(), 1e-14);
        TensorAssert.Equal([Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3)), Math.Log(Math.Exp(4) + Math.Exp(5) + Math.Exp(6))], x.logsumexp(1), 1e-14);
    }

    [Fact]
    public void Extremes_WithTheirPlaces()
    {
        using var scope = NewDisposeScope();
        var x = Matrix();
        TensorAssert.Equal([6], x.max());
        TensorAssert.Equal([1], x.min());
        var (values, places) = x.max(1);
        TensorAssert.Equal([3, 6], values);
        TensorAssert.Equal([2, 2], places);
        TensorAssert.Equal([1, 1, 1], x.argmax(0));
        Assert.Equal(5, x.argmax().item<long>());
        TensorAssert.Equal([0, 0], x.argmin(1));
        TensorAssert.Equal([4, 5, 6], x.amax([0]));
        TensorAssert.Equal([1, 2, 3], x.amin([0]));
    }

    [Fact]
    public void AllAndAny_OfBools()
    {
        using var scope = NewDisposeScope();
        var mask = tensor(new[] { true, false, true, true }, 2, 2);
        Assert.False(mask.all().item<bool>());
        Assert.True(mask.any().item<bool>());
        TensorAssert.Equal([0, 1], mask.all(1));
        Assert.Equal(3, mask.count_nonzero().item<long>());
    }

    [Fact]
    public void Sum_OfADimensionThatIsNotThere_IsAnError()
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsAny<System.Runtime.InteropServices.ExternalException>(() => Matrix().sum(2));
        Assert.Contains("Dimension out of range (expected to be in range of [-2, 1], but got 2)", error.Message);
    }
}
