using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp;

/// <summary>Comparisons of tensors with numbers written out.</summary>
public static class TensorAssert
{
    /// <summary>The elements, row by row, as doubles.</summary>
    public static double[] Values(Tensor tensor)
    {
        if (tensor.numel() == 0)
            return [];
        using var scope = NewDisposeScope();
        return tensor.detach().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    /// <summary>The tensor has this shape and, row by row, these elements.</summary>
    public static void Equal(long[] shape, double[] expected, Tensor found, double tolerance = 0)
    {
        Assert.Equal(shape, found.shape);
        Equal(expected, found, tolerance);
    }

    /// <summary>The tensor has, row by row, these elements.</summary>
    public static void Equal(double[] expected, Tensor found, double tolerance = 0)
    {
        var values = Values(found);
        Assert.Equal(expected.Length, values.Length);
        for (int n = 0; n < values.Length; n++)
        {
            if (!(Math.Abs(expected[n] - values[n]) <= tolerance || expected[n].Equals(values[n])))
                Assert.Fail($"element {n}: expected {expected[n]:R}, found {values[n]:R}, tolerance {tolerance:R}");
        }
    }

    /// <summary>Both tensors have the same shape and nearly the same elements.</summary>
    public static void Close(Tensor expected, Tensor found, double tolerance)
    {
        Assert.Equal(expected.dtype, found.dtype);
        Equal(expected.shape, Values(expected), found, tolerance);
    }
}
