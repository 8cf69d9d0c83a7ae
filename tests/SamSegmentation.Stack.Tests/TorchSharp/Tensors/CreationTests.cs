using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Tensors;

public sealed class CreationTests
{
    [Fact]
    public void Factories_WithoutAType_GiveFloat32()
    {
        using var scope = NewDisposeScope();
        foreach (var made in new[] { zeros(2, 3), ones(2, 3), empty(2, 3), rand(2, 3), randn(2, 3), eye(2) })
            Assert.Equal(ScalarType.Float32, made.dtype);
        TensorAssert.Equal([2, 3], [0, 0, 0, 0, 0, 0], zeros(2, 3));
        TensorAssert.Equal([3], [1, 1, 1], ones(3));
        TensorAssert.Equal([2, 2], [7, 7, 7, 7], full([2, 2], 7.0));
        TensorAssert.Equal([2, 3], [1, 0, 0, 0, 1, 0], eye(2, 3));
    }

    [Theory]
    [InlineData(ScalarType.Byte, 1)]
    [InlineData(ScalarType.Int8, 1)]
    [InlineData(ScalarType.Int16, 2)]
    [InlineData(ScalarType.Int32, 4)]
    [InlineData(ScalarType.Int64, 8)]
    [InlineData(ScalarType.Float16, 2)]
    [InlineData(ScalarType.BFloat16, 2)]
    [InlineData(ScalarType.Float32, 4)]
    [InlineData(ScalarType.Float64, 8)]
    [InlineData(ScalarType.Bool, 1)]
    public void Zeros_OfAType_HaveItAndItsSize(ScalarType type, int bytes)
    {
        using var made = zeros([2, 5], dtype: type);
        Assert.Equal(type, made.dtype);
        Assert.Equal(bytes, made.ElementSize);
        Assert.Equal(10, made.numel());
        Assert.True(made.is_contiguous());
        Assert.Equal([5L, 1L], made.stride());
    }

    [Fact]
    public void Tensor_OfArrays_TakesTheirType()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Byte, tensor(new byte[] { 1, 255 }).dtype);
        Assert.Equal(ScalarType.Int8, tensor(new sbyte[] { -1, 1 }).dtype);
        Assert.Equal(ScalarType.Int16, tensor(new short[] { 1 }).dtype);
        Assert.Equal(ScalarType.Int32, tensor(new[] { 1, 2 }).dtype);
        Assert.Equal(ScalarType.Int64, tensor(new[] { 1L, 2L }).dtype);
        Assert.Equal(ScalarType.Float32, tensor(new[] { 1f }).dtype);
        Assert.Equal(ScalarType.Float64, tensor(new[] { 1.0 }).dtype);
        Assert.Equal(ScalarType.Bool, tensor(new[] { true, false }).dtype);
        TensorAssert.Equal([2, 3], [1, 2, 3, 4, 5, 6], tensor(new[] { 1f, 2, 3, 4, 5, 6 }, 2, 3));
        TensorAssert.Equal([2, 2], [1, 2, 3, 4], tensor(new double[,] { { 1, 2 }, { 3, 4 } }));
        Assert.Equal(ScalarType.Float16, tensor(new[] { 1f, 2f }, dtype: ScalarType.Float16).dtype);
    }

    [Fact]
    public void Tensor_OfANumber_IsAScalarOfItsType()
    {
        using var scope = NewDisposeScope();
        Assert.Empty(tensor(3.5).shape);
        Assert.Equal(3.5, tensor(3.5).item<double>());
        Assert.Equal(3.5f, tensor(3.5f).item<float>());
        Assert.Equal(7L, tensor(7L).item<long>());
        Assert.Equal(7, tensor(7).item<int>());
        Assert.True(tensor(true).item<bool>());
    }

    [Fact]
    public void Tensor_OfAnArray_IsACopy()
    {
        float[] numbers = [1, 2, 3];
        using var made = tensor(numbers);
        numbers[0] = 9;
        TensorAssert.Equal([1, 2, 3], made);
    }

    [Fact]
    public void Arange_OfWholeNumbers_IsInt64()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Int64, arange(5).dtype);
        TensorAssert.Equal([5], [0, 1, 2, 3, 4], arange(5));
        TensorAssert.Equal([3], [2, 3, 4], arange(2, 5));
        TensorAssert.Equal([3], [1, 3, 5], arange(1, 6, 2));
        Assert.Equal(ScalarType.Float32, arange(0.0, 1.0, 0.25).dtype);
        TensorAssert.Equal([4], [0, 0.25, 0.5, 0.75], arange(0.0, 1.0, 0.25));
        Assert.Equal(ScalarType.Float64, arange(0, 3, dtype: ScalarType.Float64).dtype);
    }

    [Fact]
    public void Linspace_IncludesBothEnds()
    {
        using var made = linspace(-1, 1, 5, ScalarType.Float64);
        TensorAssert.Equal([5], [-1, -0.5, 0, 0.5, 1], made, 1e-15);
    }

    [Fact]
    public void Like_TakesShapeAndTypeOfTheOther()
    {
        using var scope = NewDisposeScope();
        var other = zeros([2, 3], dtype: ScalarType.Int16);
        foreach (var made in new[] { zeros_like(other), ones_like(other), empty_like(other), full_like(other, 4) })
        {
            Assert.Equal(ScalarType.Int16, made.dtype);
            Assert.Equal([2L, 3L], made.shape);
        }
        Assert.Equal(ScalarType.Float64, zeros_like(other, ScalarType.Float64).dtype);
        TensorAssert.Equal([4, 4, 4, 4, 4, 4], full_like(other, 4));
    }

    [Fact]
    public void FromArray_SharesTheArraysMemory()
    {
        float[] numbers = [1, 2, 3, 4];
        using var over = from_array(numbers);
        numbers[2] = 30;
        TensorAssert.Equal([4], [1, 2, 30, 4], over);
    }

    [Fact]
    public void Frombuffer_StartsAtTheOffset()
    {
        int[] numbers = [1, 2, 3, 4];
        using var over = frombuffer(numbers, ScalarType.Int32, 2, 1);
        TensorAssert.Equal([2], [2, 3], over);
    }

    [Fact]
    public void ZeroSizes_AreTensorsWithoutElements()
    {
        using var made = zeros(0, 4);
        Assert.Equal(0, made.numel());
        Assert.Equal([0L, 4L], made.shape);
        Assert.Empty(TensorAssert.Values(made));
    }
}
