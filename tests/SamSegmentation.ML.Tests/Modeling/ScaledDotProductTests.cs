using SamSegmentation.ML.Modeling;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling;

/// <summary>Attention in blocks of rows, whoever computes it, against attention composed from whole matrices.</summary>
[Collection(LiveTensors.Alone)]
public sealed class ScaledDotProductTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 3, 5, 7, 4)]
    [InlineData(1, 8, 9, 4096, 16)]
    [InlineData(1, 2, 1501, 1103, 8)] // several blocks, the last one smaller
    [InlineData(3, 4, 196, 196, 8)]
    public void Attention_EqualsTheComposedOne(long batch, long heads, long length, long keys, long width)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = Inputs(batch, heads, length, keys, width, ScalarType.Float64);
        var found = ScaledDotProduct.Attention(query, key, value);
        Assert.Equal([batch, heads, length, width], found.shape);
        Assert.True((found - Composed(query, key, value)).abs().max().item<double>() < 1e-14);
    }

    [Theory]
    [InlineData(2, 3, 5, 7, 4)]
    [InlineData(1, 2, 1501, 1103, 8)]
    public void Attention_HasTheComposedGradients(long batch, long heads, long length, long keys, long width)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = Inputs(batch, heads, length, keys, width, ScalarType.Float64);
        Tensor[] inputs = [query.requires_grad_(true), key.requires_grad_(true), value.requires_grad_(true)];
        var weights = arange(width, dtype: ScalarType.Float64).add(1).sin();
        var found = autograd.grad([(ScaledDotProduct.Attention(query, key, value) * weights).sum()], inputs);
        var expected = autograd.grad([(Composed(query, key, value) * weights).sum()], inputs);
        foreach (var (f, e) in found.Zip(expected))
            Assert.True((f - e).abs().max().item<double>() <= 1e-12 * (1 + e.abs().max().item<double>()));
    }

    [Fact]
    public void Attention_TakesStridedInputs()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = Inputs(2, 5, 3, 4, 6, ScalarType.Float64);
        var strided = new[] { query, key, value }.Select(x => x.transpose(1, 2).contiguous().transpose(1, 2)).ToArray();
        Assert.False(strided[0].is_contiguous());
        Assert.True((ScaledDotProduct.Attention(strided[0], strided[1], strided[2]) - Composed(query, key, value)).abs().max().item<double>() < 1e-14);
    }

    [Fact]
    public void Attention_OfLargeScores_DoesNotOverflow()
    {
        using var scope = NewDisposeScope();
        var query = full([1, 1, 2, 4], 300f);
        var key = full([1, 1, 3, 4], 300f);
        var value = tensor(new[] { 1f, 2, 6 }, 1, 1, 3, 1);
        Assert.Equal([3f, 3f], ScaledDotProduct.Attention(query, key, value).data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Attention_NeverHoldsAllScores()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads the peak of memory from /proc");
        using var scope = NewDisposeScope();
        // All scores of eight heads over 4,096 positions would be 512 MiB.
        var (query, key, value) = Inputs(1, 8, 4096, 4096, 16, ScalarType.Float32);
        ScaledDotProduct.Attention(query, key, value).Dispose();
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak starts anew from what is in use
        long before = PeakKilobytes();
        ScaledDotProduct.Attention(query, key, value).Dispose();
        // The kernel adds up its threads' counts in batches: a peak that has not grown may read some kilobytes less.
        Assert.InRange(Math.Max(0, PeakKilobytes() - before), 0, 256 * 1024);
    }

    [Fact]
    public void Attention_LeavesNoTensor()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = Inputs(1, 2, 8, 8, 4, ScalarType.Float32);
        long before = LiveTensors.Count();
        ScaledDotProduct.Attention(query, key, value).Dispose();
        Assert.Equal(before, LiveTensors.Count());
    }

    private static Tensor Composed(Tensor query, Tensor key, Tensor value) =>
        (query.matmul(key.transpose(2, 3)) / Math.Sqrt(query.shape[3])).softmax(-1).matmul(value);

    private static (Tensor Query, Tensor Key, Tensor Value) Inputs(long batch, long heads, long length, long keys, long width, ScalarType type)
    {
        Tensor Numbers(long rows, double step) =>
            arange(batch * heads * rows * width, dtype: type).mul(step).sin().mul(2).reshape(batch, heads, rows, width);
        return (Numbers(length, 1.7), Numbers(keys, 2.3), Numbers(keys, 0.9));
    }

    private static long PeakKilobytes()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
