using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Tensors;

public sealed class SelectionTests
{
    [Fact]
    public void GatherAndScatter_AreEachOthersInverse()
    {
        using var scope = NewDisposeScope();
        var source = tensor(new[] { 1f, 2, 3, 4, 5, 6 }, 2, 3);
        var order = tensor(new[] { 2L, 0, 1, 1, 2, 0 }, 2, 3);
        var gathered = source.gather(1, order);
        TensorAssert.Equal([3, 1, 2, 5, 6, 4], gathered);
        TensorAssert.Equal(TensorAssert.Values(source), zeros(2, 3).scatter(1, order, gathered));
        TensorAssert.Equal([2], [3, 5], zeros(2).scatter_add(0, tensor(new[] { 0L, 0, 1 }), tensor(new[] { 1f, 2, 5 })));
    }

    [Fact]
    public void IndexSelectAddCopyFill_WorkAlongADimension()
    {
        using var scope = NewDisposeScope();
        var whole = arange(6).reshape(3, 2).@float();
        var rows = tensor(new[] { 2L, 0 });
        TensorAssert.Equal([2, 2], [4, 5, 0, 1], whole.index_select(0, rows));
        TensorAssert.Equal([2, 3, 2, 3, 6, 7], whole.index_add(0, rows, full([2, 2], 2f), 1));
        TensorAssert.Equal([9, 9, 2, 3, 9, 9], whole.index_fill(0, rows, 9));
    }

    [Fact]
    public void MaskedFillAndSelect_FollowTheMask()
    {
        using var scope = NewDisposeScope();
        var whole = arange(4).@float();
        var mask = tensor(new[] { true, false, true, false });
        TensorAssert.Equal([double.NegativeInfinity, 1, double.NegativeInfinity, 3], whole.masked_fill(mask, double.NegativeInfinity));
        TensorAssert.Equal([2], [0, 2], whole.masked_select(mask));
        TensorAssert.Equal([0, -1, 2, -3], where(mask, whole, -whole));
        TensorAssert.Equal([2, 1], [0, 2], mask.nonzero());
    }

    [Fact]
    public void SortTopkArgsort_OrderElements()
    {
        using var scope = NewDisposeScope();
        var whole = tensor(new[] { 3f, 1, 2 });
        var (values, indices) = whole.sort();
        TensorAssert.Equal([1, 2, 3], values);
        TensorAssert.Equal([1, 2, 0], indices);
        Assert.Equal(ScalarType.Int64, indices.dtype);
        TensorAssert.Equal([0, 2, 1], whole.argsort(descending: true));
        var (largest, places) = whole.topk(2);
        TensorAssert.Equal([3, 2], largest);
        TensorAssert.Equal([0, 2], places);
    }

    [Fact]
    public void Bincount_CountsWholeNumbers()
    {
        using var scope = NewDisposeScope();
        var counts = bincount(tensor(new[] { 0L, 2, 2, 5 }), minlength: 8);
        TensorAssert.Equal([8], [1, 0, 2, 0, 0, 1, 0, 0], counts);
        Assert.Equal(ScalarType.Int64, counts.dtype);
    }
}
