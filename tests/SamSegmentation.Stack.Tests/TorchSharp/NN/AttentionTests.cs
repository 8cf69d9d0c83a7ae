using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SamSegmentation.Stack.Tests.TorchSharp.NN;

/// <summary>Fused attention against softmax(q·kᵀ/√d + mask)·v written out.</summary>
public sealed class AttentionTests
{
    // More rows and keys than any implementation takes at once, and not a multiple of anything.
    private const int Rows = 521, Keys = 1031;

    [Theory]
    [InlineData(2, 3, Rows, Keys)]
    [InlineData(1, 3, 1, Keys)]
    [InlineData(2, 1, Rows, 1)]
    [InlineData(4, 3, 196, 196)]
    public void Attention_WithAMask_AddsItToTheScores(long images, long heads, long rows, long keys)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (Numbers(1.7, images, heads, rows, 5), Numbers(2.3, images, heads, keys, 5), Numbers(0.9, images, heads, keys, 3));
        var mask = Numbers(3.1, images, heads, rows, keys);
        TensorAssert.Close(Composed(query, key, value, mask), scaled_dot_product_attention(query, key, value, mask), 1e-13);
    }

    [Fact]
    public void Attention_TakesAMaskThatBroadcasts()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (Numbers(1.7, 2, 3, 6, 5), Numbers(2.3, 2, 3, 7, 5), Numbers(0.9, 2, 3, 7, 5));
        foreach (var mask in new[] { Numbers(3.1, 6, 7), Numbers(3.1, 2, 1, 1, 7), Numbers(3.1, 1, 3, 6, 1), Numbers(3.1, 7, 6).transpose(0, 1) })
            TensorAssert.Close(Composed(query, key, value, mask), scaled_dot_product_attention(query, key, value, mask), 1e-13);
    }

    [Fact]
    public void Attention_WithABooleanMask_LeavesOutWhatIsFalse()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (Numbers(1.7, 1, 2, 4, 5), Numbers(2.3, 1, 2, 3, 5), Numbers(0.9, 1, 2, 3, 5));
        // libtorch 2.10 broadcasts a mask over the queries only where it has their dimension.
        var mask = tensor(new[] { true, false, true }).reshape(1, 3);
        var kept = new long[] { 0, 2 };
        TensorAssert.Close(
            Composed(query, key.index_select(2, tensor(kept)), value.index_select(2, tensor(kept)), zeros(1, dtype: ScalarType.Float64)),
            scaled_dot_product_attention(query, key, value, mask), 1e-13);
    }

    [Fact]
    public void Attention_WithKeysMaskedByInfinity_LeavesThemOut()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (Numbers(1.7, 1, 1, Rows, 5), Numbers(2.3, 1, 1, Keys, 5), Numbers(0.9, 1, 1, Keys, 5));
        // All but the last keys: whoever goes over the keys in blocks meets blocks of which nothing is left.
        var mask = zeros(Rows, Keys, dtype: ScalarType.Float64);
        mask.narrow(1, 0, Keys - 3).fill_(double.NegativeInfinity);
        TensorAssert.Close(
            Composed(query, key.narrow(2, Keys - 3, 3), value.narrow(2, Keys - 3, 3), zeros(1, dtype: ScalarType.Float64)),
            scaled_dot_product_attention(query, key, value, mask), 1e-13);
    }

    [Fact]
    public void Attention_WithAMaskAndGradients_HasTheComposedOnes()
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = [Numbers(1.7, 1, 2, 6, 5), Numbers(2.3, 1, 2, 7, 5), Numbers(0.9, 1, 2, 7, 5), Numbers(3.1, 1, 2, 6, 7)];
        foreach (var input in inputs)
            input.requires_grad_();
        var weights = Numbers(0.3, 1, 2, 6, 5);
        var found = autograd.grad([(scaled_dot_product_attention(inputs[0], inputs[1], inputs[2], inputs[3]) * weights).sum()], inputs);
        var expected = autograd.grad([(Composed(inputs[0], inputs[1], inputs[2], inputs[3]) * weights).sum()], inputs);
        foreach (var (e, f) in expected.Zip(found))
            TensorAssert.Close(e, f, 1e-13);
    }

    [Theory]
    [InlineData(1, 2, Rows, Keys)]
    [InlineData(3, 2, 7, 4)]
    public void Attention_HasTheComposedGradients(long images, long heads, long rows, long keys)
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = [Numbers(1.7, images, heads, rows, 5), Numbers(2.3, images, heads, keys, 5), Numbers(0.9, images, heads, keys, 3)];
        foreach (var input in inputs)
            input.requires_grad_();
        // The output's gradient lies otherwise in memory than the output.
        var weights = Numbers(0.3, 3, rows, heads, images).permute(3, 2, 1, 0);
        var none = zeros(1, dtype: ScalarType.Float64);
        var found = autograd.grad([(scaled_dot_product_attention(inputs[0], inputs[1], inputs[2]) * weights).sum()], inputs);
        var expected = autograd.grad([(Composed(inputs[0], inputs[1], inputs[2], none) * weights).sum()], inputs);
        foreach (var (e, f) in expected.Zip(found))
            TensorAssert.Close(e, f, 1e-11);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-6)]
    [InlineData(ScalarType.BFloat16, 1e-2)]
    public void Attention_OfOtherTypes_KeepsTheTypeAndIsNear(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (Numbers(1.7, 2, 3, 9, 5), Numbers(2.3, 2, 3, Keys, 5), Numbers(0.9, 2, 3, Keys, 5));
        var found = scaled_dot_product_attention(query.to(type), key.to(type), value.to(type));
        Assert.Equal(type, found.dtype);
        TensorAssert.Close(Composed(query, key, value, zeros(1, dtype: ScalarType.Float64)), found.to(ScalarType.Float64), tolerance);
    }

    // Widths and numbers of rows and keys that no processor's registers or blocks divide, and those of ViT's windows and heads.
    [Theory]
    [InlineData(2, 3, Rows, Keys, 64, 64)]
    [InlineData(1, 3, 1, Keys, 5, 3)]
    [InlineData(2, 1, Rows, 1, 17, 33)]
    [InlineData(4, 3, 196, 196, 64, 64)]
    [InlineData(1, 2, 13, 257, 64, 16)]
    [InlineData(1, 2, 101, 257, 1, 16)]
    [InlineData(3, 2, 199, 15, 31, 1)]
    public void Attention_OfFloat32_IsNearThatOfFloat64(long images, long heads, long rows, long keys, long width, long valueWidth)
    {
        using var scope = NewDisposeScope();
        var (query, key) = (Numbers(1.7, images, heads, rows, width), Numbers(2.3, images, heads, keys, width));
        // As projections give them: a token's heads beside each other, with queries and keys before them.
        var value = Numbers(0.9, images, keys, 3, heads, valueWidth).select(2, 1).transpose(1, 2);
        var mask = Numbers(3.1, images, heads, rows, keys);
        var none = zeros(1, dtype: ScalarType.Float64);
        Tensor Single(Tensor tensor) => tensor.to(ScalarType.Float32);
        TensorAssert.Close(
            Composed(query, key, value, none), scaled_dot_product_attention(Single(query), Single(key), Single(value)).to(ScalarType.Float64), 1e-5);
        TensorAssert.Close(
            Composed(query, key, value, mask), scaled_dot_product_attention(Single(query), Single(key), Single(value), Single(mask)).to(ScalarType.Float64), 1e-5);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-13)]
    public void Attention_WithWholeBlocksOfKeysMaskedByInfinity_LeavesThemOut(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (Numbers(1.7, 1, 1, 107, 9), Numbers(2.3, 1, 1, Keys, 9), Numbers(0.9, 1, 1, Keys, 9));
        // What is left lies behind blocks of which nothing is, before them, or both.
        foreach (var (start, count) in new[] { (Keys - 3, 3), (0, 3), (300, 5) })
        {
            var mask = full([107, Keys], double.NegativeInfinity, dtype: type);
            mask.narrow(1, start, count).fill_(0);
            TensorAssert.Close(
                Composed(query, key.narrow(2, start, count), value.narrow(2, start, count), zeros(1, dtype: ScalarType.Float64)),
                scaled_dot_product_attention(query.to(type), key.to(type), value.to(type), mask).to(ScalarType.Float64), tolerance);
        }
    }

    [Fact]
    public void Attention_OfFloat32WithGradients_HasNearlyThoseOfFloat64()
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = [Numbers(1.7, 1, 2, 203, 17), Numbers(2.3, 1, 2, 301, 17), Numbers(0.9, 1, 2, 301, 5)];
        var weights = Numbers(0.3, 1, 2, 203, 5);
        var single = Array.ConvertAll(inputs, input => input.to(ScalarType.Float32).requires_grad_());
        foreach (var input in inputs)
            input.requires_grad_();
        var none = zeros(1, dtype: ScalarType.Float64);
        var expected = autograd.grad([(Composed(inputs[0], inputs[1], inputs[2], none) * weights).sum()], inputs);
        var found = autograd.grad([(scaled_dot_product_attention(single[0], single[1], single[2]) * weights.to(ScalarType.Float32)).sum()], single);
        foreach (var (e, f) in expected.Zip(found))
            TensorAssert.Close(e, f.to(ScalarType.Float64), 1e-4);
    }

    [Fact]
    public void Attention_OverScoresOfAllSizes_IsExactToRounding()
    {
        using var scope = NewDisposeScope();
        // Scores from −100 to 0 beside one of 0: the exponential over its whole range, alone.
        var scores = linspace(-100, 0, 4001, dtype: ScalarType.Float64);
        foreach (long n in new long[] { 0, 400, 1600, 3000, 3999, 4000 })
        {
            var mask = tensor(new[] { 0f, (float)scores[n].item<double>() }).reshape(1, 1, 1, 2);
            var keys = zeros(1, 1, 2, 1);
            var values = tensor(new[] { 0f, 1f }).reshape(1, 1, 2, 1);
            var weight = Math.Exp(mask[0, 0, 0, 1].item<float>());
            var found = scaled_dot_product_attention(zeros(1, 1, 1, 1), keys, values, mask).item<float>();
            Assert.Equal(weight / (1 + weight), found, 1e-6 * weight + 1e-38);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, 2)]
    [InlineData(ScalarType.Float64, 2)]
    [InlineData(ScalarType.Float32, 101)]
    public void Attention_WithAScoreThatIsNoNumber_GivesNone(ScalarType type, long rows)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (Numbers(1.7, 1, 1, rows, 8).to(type), Numbers(2.3, 1, 1, 40, 8).to(type), Numbers(0.9, 1, 1, 40, 8).to(type));
        var mask = zeros([1, 1, rows, 40], type);
        mask[0, 0, 1, 17] = double.NaN;
        var found = scaled_dot_product_attention(query, key, value, mask).isnan();
        Assert.False(found[0, 0, 0].any().item<bool>());
        Assert.True(found[0, 0, 1].all().item<bool>());
        key[0, 0, 3, 0] = double.NaN;
        Assert.True(scaled_dot_product_attention(query, key, value).isnan().all().item<bool>());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Attention_OfARowMaskedAsAWhole_LeavesTheOthersAlone(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (Numbers(1.7, 1, 1, 107, 8).to(type), Numbers(2.3, 1, 1, 600, 8).to(type), Numbers(0.9, 1, 1, 600, 8).to(type));
        var mask = zeros([107, 600], type);
        mask[4] = double.NegativeInfinity;
        // Nothing is left to be a mean of: older libtorches say so, newer ones give zeros.
        var found = scaled_dot_product_attention(query, key, value, mask)[0, 0];
        Assert.True((found[4].isnan() | found[4].eq(0)).all().item<bool>());
        var others = arange(5, 107, dtype: ScalarType.Int64);
        TensorAssert.Close(
            scaled_dot_product_attention(query, key, value, zeros([107, 600], type))[0, 0].index_select(0, others), found.index_select(0, others), 1e-6);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    public void Attention_WithoutQueriesOrKeys_IsEmptyOrZero(long rows, long keys)
    {
        using var scope = NewDisposeScope();
        var found = scaled_dot_product_attention(zeros(2, 3, rows, 4), zeros(2, 3, keys, 4), zeros(2, 3, keys, 6));
        Assert.Equal([2, 3, rows, 6], found.shape);
        Assert.True(found.eq(0).all().item<bool>());
    }

    [Fact]
    public void Attention_OfSizesThatDoNotFit_Throws()
    {
        using var scope = NewDisposeScope();
        Assert.ThrowsAny<Exception>(() => scaled_dot_product_attention(zeros(1, 1, 2, 3), zeros(1, 1, 2, 4), zeros(1, 1, 2, 3)));
    }

    private static Tensor Composed(Tensor query, Tensor key, Tensor value, Tensor mask) =>
        (query.matmul(key.transpose(-2, -1)) / Math.Sqrt(query.shape[^1]) + mask).softmax(-1).matmul(value);

    private static Tensor Numbers(double step, params long[] shape) =>
        arange(shape.Aggregate(1L, (product, size) => product * size), dtype: ScalarType.Float64).mul(step).sin().mul(2).reshape(shape);
}
