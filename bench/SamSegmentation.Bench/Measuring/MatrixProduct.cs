using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measuring;

/// <summary>
/// The machine's limit: a float32 product of two square matrices, large enough for the library's best rate. It is
/// measured beside each figure, in the same process and on the same threads, so that a ratio of the two holds on a
/// machine that others use too.
/// </summary>
/// <param name="repetitions">Products in one call of <see cref="Run"/>.</param>
internal sealed class MatrixProduct(int repetitions) : IDisposable
{
    private const long Side = 2048;

    private readonly Tensor _left = randn(Side, Side);
    private readonly Tensor _right = randn(Side, Side);
    private readonly Tensor _product = zeros(Side, Side);

    /// <summary>Multiplications and additions of one call of <see cref="Run"/>.</summary>
    internal double Operations => 2.0 * Side * Side * Side * repetitions;

    internal void Run()
    {
        using var scope = NewDisposeScope();
        // In place: the limit shall not hold the allocator's cost.
        for (var i = 0; i < repetitions; i++)
            _product.addmm_(_left, _right, 0);
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
        _product.Dispose();
    }
}
