using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Tensors;

public sealed class IndexingTests
{
    [Fact]
    public void Index_ByNumbers_SelectsFromTheFirstDimensionsOn()
    {
        using var scope = NewDisposeScope();
        var whole = arange(24).reshape(2, 3, 4);
        TensorAssert.Equal([4], [20, 21, 22, 23], whole[1, 2]);
        Assert.Equal(23, whole[1, 2, 3].item<long>());
        Assert.Equal(23, whole[-1, -1, -1].item<long>());
    }

    [Fact]
    public void Index_BySlices_TakesParts()
    {
        using var scope = NewDisposeScope();
        var whole = arange(12).reshape(3, 4);
        TensorAssert.Equal([2, 4], [4, 5, 6, 7, 8, 9, 10, 11], whole[TensorIndex.Slice(1)]);
        TensorAssert.Equal([3, 2], [0, 2, 4, 6, 8, 10], whole[TensorIndex.Colon, TensorIndex.Slice(step: 2)]);
        TensorAssert.Equal([3, 2], [1, 2, 5, 6, 9, 10], whole[TensorIndex.Colon, TensorIndex.Slice(1, -1)]);
        TensorAssert.Equal([1, 4], [8, 9, 10, 11], whole[TensorIndex.Slice(-1, null)]);
        TensorAssert.Equal([2, 2], [0, 1, 4, 5], whole[..2, ..2]);
        TensorAssert.Equal([2, 1], [7, 11], whole[1.., 3..]);
    }

    [Fact]
    public void Index_ByEllipsis_SkipsDimensions()
    {
        using var scope = NewDisposeScope();
        var whole = arange(24).reshape(2, 3, 4);
        TensorAssert.Equal([2, 3], [0, 4, 8, 12, 16, 20], whole[TensorIndex.Ellipsis, 0]);
        TensorAssert.Equal([3, 4], [.. Enumerable.Range(12, 12).Select(n => (double)n)], whole[1, TensorIndex.Ellipsis]);
    }

    [Fact]
    public void Index_ByNone_AddsADimension()
    {
        using var scope = NewDisposeScope();
        var whole = arange(6).reshape(2, 3);
        Assert.Equal([1L, 2L, 3L], whole[TensorIndex.None].shape);
        Assert.Equal([2L, 1L, 3L], whole[TensorIndex.Colon, TensorIndex.None].shape);
        Assert.Equal([2L, 3L, 1L], whole[TensorIndex.Ellipsis, TensorIndex.Null].shape);
    }

    [Fact]
    public void Index_ByABoolMask_TakesWhereTrue()
    {
        using var scope = NewDisposeScope();
        var whole = arange(6).reshape(2, 3);
        TensorAssert.Equal([3], [3, 4, 5], whole[whole > 2]);
        TensorAssert.Equal([1, 3], [3, 4, 5], whole[tensor(new[] { false, true })]);
    }

    [Fact]
    public void Index_ByNumbersInATensor_Gathers()
    {
        using var scope = NewDisposeScope();
        var whole = arange(6).reshape(3, 2);
        TensorAssert.Equal([2, 2], [4, 5, 0, 1], whole[tensor(new[] { 2L, 0L })]);
        TensorAssert.Equal([2], [5, 0], whole[tensor(new[] { 2L, 0L }), tensor(new[] { 1L, 0L })]);
        TensorAssert.Equal([3, 2], [1, 1, 3, 3, 5, 5], whole[TensorIndex.Colon, TensorIndex.Tensor(tensor(new[] { 1L, 1L }))]);
    }

    [Fact]
    public void IndexPut_WritesIntoTheTensor()
    {
        using var scope = NewDisposeScope();
        var whole = zeros(2, 3);
        whole[0, 1] = tensor(1f);
        whole[TensorIndex.Ellipsis, 2] = tensor(new[] { 2f, 3f });
        whole[TensorIndex.Slice(1), TensorIndex.Slice(0, 2)] = tensor(7f);
        TensorAssert.Equal([0, 1, 2, 7, 7, 3], whole);
        whole[whole.gt(2)] = tensor(-1f);
        TensorAssert.Equal([0, 1, 2, -1, -1, -1], whole);
        whole.index_put_(4.5, TensorIndex.Single(0));
        TensorAssert.Equal([4.5, 4.5, 4.5, -1, -1, -1], whole);
    }

    [Fact]
    public void Index_OfASlice_IsAView()
    {
        using var scope = NewDisposeScope();
        var whole = zeros(4);
        whole[TensorIndex.Slice(1, 3)].fill_(2);
        TensorAssert.Equal([0, 2, 2, 0], whole);
    }
}
