using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Tensors;

public sealed class ViewTests
{
    [Fact]
    public void View_SharesMemory()
    {
        using var scope = NewDisposeScope();
        var whole = zeros(2, 3);
        var rows = whole.view(3, 2);
        rows[2, 1] = tensor(5f);
        TensorAssert.Equal([2, 3], [0, 0, 0, 0, 0, 5], whole);
    }

    [Fact]
    public void Transpose_SwapsStridesWithoutCopying()
    {
        using var scope = NewDisposeScope();
        var whole = arange(6).reshape(2, 3);
        var turned = whole.transpose(0, 1);
        Assert.Equal([3L, 2L], turned.shape);
        Assert.Equal([1L, 3L], turned.stride());
        Assert.False(turned.is_contiguous());
        TensorAssert.Equal([3, 2], [0, 3, 1, 4, 2, 5], turned);
        Assert.True(turned.contiguous().is_contiguous());
        Assert.Equal([2L, 1L], turned.contiguous().stride());
        turned[0, 1] = tensor(99L);
        TensorAssert.Equal([0, 1, 2, 99, 4, 5], whole);
    }

    [Fact]
    public void Permute_OrdersDimensions()
    {
        using var scope = NewDisposeScope();
        var whole = arange(24).reshape(2, 3, 4);
        var permuted = whole.permute(2, 0, 1);
        Assert.Equal([4L, 2L, 3L], permuted.shape);
        Assert.Equal([1L, 12L, 4L], permuted.stride());
        Assert.Equal(whole[1, 2, 3].item<long>(), permuted[3, 1, 2].item<long>());
    }

    [Fact]
    public void Expand_RepeatsWithStrideZero()
    {
        using var scope = NewDisposeScope();
        var row = arange(3).reshape(1, 3);
        var expanded = row.expand(2, 3);
        Assert.Equal([0L, 1L], expanded.stride());
        TensorAssert.Equal([2, 3], [0, 1, 2, 0, 1, 2], expanded);
        TensorAssert.Equal([2, 3], [0, 1, 2, 0, 1, 2], row.expand(2, -1));
        TensorAssert.Equal([4, 6], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], row.repeat(4, 2));
    }

    [Fact]
    public void Reshape_OfANonContiguousTensor_Copies()
    {
        using var scope = NewDisposeScope();
        var turned = arange(6).reshape(2, 3).transpose(0, 1);
        var flat = turned.reshape(-1);
        TensorAssert.Equal([6], [0, 3, 1, 4, 2, 5], flat);
        flat[0] = tensor(50L);
        Assert.Equal(0, turned[0, 0].item<long>());
    }

    [Fact]
    public void SqueezeAndUnsqueeze_RemoveAndAddOnes()
    {
        using var scope = NewDisposeScope();
        var whole = zeros(1, 3, 1);
        Assert.Equal([3L], whole.squeeze().shape);
        Assert.Equal([3L, 1L], whole.squeeze(0).shape);
        Assert.Equal([1L, 3L, 1L], whole.squeeze(1).shape);
        Assert.Equal([1L, 3L, 1L, 1L], whole.unsqueeze(-1).shape);
        Assert.Equal([3L], whole.flatten().shape);
        Assert.Equal([1L, 3L], whole.flatten(1).shape);
    }

    [Fact]
    public void Narrow_Select_Slice_AreViews()
    {
        using var scope = NewDisposeScope();
        var whole = arange(12).reshape(3, 4);
        TensorAssert.Equal([3, 2], [1, 2, 5, 6, 9, 10], whole.narrow(1, 1, 2));
        TensorAssert.Equal([4], [4, 5, 6, 7], whole.select(0, 1));
        TensorAssert.Equal([3, 2], [0, 2, 4, 6, 8, 10], whole.slice(1, 0, 4, 2));
        Assert.Equal(5, whole.select(0, 1).narrow(0, 1, 2).storage_offset());
    }

    [Fact]
    public void SplitAndChunkAndUnbind_CutAlongADimension()
    {
        using var scope = NewDisposeScope();
        var whole = arange(10).reshape(5, 2);
        Assert.Equal([2L, 2L, 1L], whole.split(2, 0).Select(part => part.shape[0]));
        Assert.Equal([1L, 4L], whole.split(new long[] { 1, 4 }, 0).Select(part => part.shape[0]));
        Assert.Equal([3L, 2L], whole.chunk(2).Select(part => part.shape[0]));
        var columns = whole.unbind(1);
        Assert.Equal(2, columns.Length);
        TensorAssert.Equal([5], [1, 3, 5, 7, 9], columns[1]);
    }

    [Fact]
    public void CatAndStack_JoinTensors()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new[] { 1f, 2 });
        var b = tensor(new[] { 3f, 4 });
        TensorAssert.Equal([4], [1, 2, 3, 4], cat([a, b]));
        TensorAssert.Equal([2, 2], [1, 2, 3, 4], stack(new[] { a, b }));
        TensorAssert.Equal([2, 2], [1, 3, 2, 4], stack(new[] { a, b }, 1));
    }

    [Fact]
    public void FlipRollAndTriangles_MoveElements()
    {
        using var scope = NewDisposeScope();
        var whole = arange(4).reshape(2, 2);
        TensorAssert.Equal([2, 3, 0, 1], whole.flip(0));
        TensorAssert.Equal([1, 0, 3, 2], whole.flip(1));
        TensorAssert.Equal([2, 3, 0, 1], roll(whole, 1, 0));
        TensorAssert.Equal([0, 0, 2, 3], whole.tril());
        TensorAssert.Equal([0, 1, 0, 0], whole.triu(1));
    }

    [Fact]
    public void AsStrided_ReadsAnyPattern()
    {
        using var scope = NewDisposeScope();
        // Windows of three over five elements.
        TensorAssert.Equal([3, 3], [0, 1, 2, 1, 2, 3, 2, 3, 4], arange(5).as_strided([3, 3], [1, 1]));
        TensorAssert.Equal([2, 3], [0, 1, 2, 2, 3, 4], arange(5).unfold(0, 3, 2));
    }
}
