using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Tensors;

/// <summary>Which type comes out of two; PyTorch's rules.</summary>
public sealed class PromotionTests
{
    [Theory]
    [InlineData(ScalarType.Byte, ScalarType.Int8, ScalarType.Int16)]
    [InlineData(ScalarType.Byte, ScalarType.Int32, ScalarType.Int32)]
    [InlineData(ScalarType.Int64, ScalarType.Float32, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.Float64, ScalarType.Float64)]
    [InlineData(ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.Bool, ScalarType.Byte, ScalarType.Byte)]
    public void Add_OfTwoTypes_GivesTheSmallestThatHoldsBoth(ScalarType a, ScalarType b, ScalarType expected)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected, (ones([2], dtype: a) + ones([2], dtype: b)).dtype);
    }

    [Fact]
    public void Add_OfAWholeNumber_KeepsAnIntegralType()
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Byte, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64 })
        {
            var whole = ones([2], dtype: type);
            Assert.Equal(type, (whole + 1).dtype);
            Assert.Equal(type, (whole * 2L).dtype);
            Assert.Equal(type, (whole - (byte)1).dtype);
            Assert.Equal(type, (whole % 2).dtype);
            Assert.Equal(type, whole.add(1, 2).dtype);
            Assert.Equal(type, full_like(whole, 3).dtype);
            Assert.Equal(type, whole.clamp(0, 1).dtype);
            Assert.Equal(type, whole.pow(2).dtype);
            Assert.Equal(type, whole.masked_fill(whole == 1, 5).dtype);
        }
    }

    [Fact]
    public void Add_OfAFraction_MakesAnIntegralTypeFloat()
    {
        using var scope = NewDisposeScope();
        var whole = ones([2], dtype: ScalarType.Int64);
        Assert.Equal(ScalarType.Float32, (whole + 1.0).dtype);
        Assert.Equal(ScalarType.Float32, (whole * 0.5f).dtype);
        Assert.Equal(ScalarType.Float32, (whole / 2).dtype);
        Assert.Equal(ScalarType.Int64, (ones([2], dtype: ScalarType.Bool) + 1).dtype);
    }

    [Fact]
    public void Full_OfAWholeNumber_IsInt64()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Int64, full([2], 3).dtype);
        Assert.Equal(ScalarType.Float32, full([2], 3.0).dtype);
        // Unlike PyTorch's.
        Assert.Equal(ScalarType.Int64, full([2], true).dtype);
    }

    [Fact]
    public void LargeWholeNumbers_KeepTheirLastDigit()
    {
        using var scope = NewDisposeScope();
        // 2^53 + 1 is no double.
        const long Large = (1L << 53) + 1;
        Assert.Equal(Large, (zeros([1], dtype: ScalarType.Int64) + Large).item<long>());
        Assert.Equal(Large, full([1], Large).item<long>());
        Assert.Equal(Large, tensor(Large).ToInt64());
    }

    [Fact]
    public void Division_ByRoundingMode()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new[] { 7L, -7 });
        TensorAssert.Equal([3.5, -3.5], a / 2);
        TensorAssert.Equal([3, -4], a.div(2, RoundingMode.floor));
        TensorAssert.Equal([3, -3], a.div(2, RoundingMode.trunc));
        TensorAssert.Equal([1, 1], a.remainder(2));
        TensorAssert.Equal([1, -1], a.fmod(2));
    }

    [Fact]
    public void Sum_OfIntegralTypes_IsInt64()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Int64, ones([300], dtype: ScalarType.Byte).sum().dtype);
        Assert.Equal(300, ones([300], dtype: ScalarType.Byte).sum().item<long>());
        Assert.Equal(2, tensor(new[] { true, true, false }).sum().item<long>());
    }

    [Fact]
    public void ToType_RoundsTowardZeroAndWraps()
    {
        using var scope = NewDisposeScope();
        TensorAssert.Equal([1, -1, 0], tensor(new[] { 1.9, -1.9, 0.2 }).to_type(ScalarType.Int32));
        TensorAssert.Equal([0, 1, 1], tensor(new[] { 0, 2, -1 }).to_type(ScalarType.Bool));
        TensorAssert.Equal([1, 255], tensor(new[] { 257, -1 }).to_type(ScalarType.Byte));
        TensorAssert.Equal([0.0999755859375], tensor(new[] { 0.1f }).to_type(ScalarType.Float16));
        TensorAssert.Equal([0.10009765625], tensor(new[] { 0.1f }).to_type(ScalarType.BFloat16));
    }
}
