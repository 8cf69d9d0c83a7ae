using SamSegmentation.Stack.Tests.TorchSharp.Runtime;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Tensors;

/// <summary>Matrix products large enough to be cut among threads.</summary>
[Collection(ThreadCount.Alone)]
public sealed class MatrixProductTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1201, 17, 33)]
    [InlineData(17, 1201, 33)]
    [InlineData(701, 703, 5)]
    [InlineData(1, 5000, 129)]
    [InlineData(5000, 1, 129)]
    public void Product_OnSeveralThreads_EqualsTheSumOfProducts(long rows, long columns, long inner)
    {
        int before = get_num_threads();
        try
        {
            set_num_threads(3);
            using var scope = NewDisposeScope();
            var (left, right) = (Numbers(rows, inner), Numbers(inner, columns));
            var expected = (left.unsqueeze(2) * right.unsqueeze(0)).sum([1L]);
            // Each operand as it is and as another's transpose, which BLAS takes as it lies.
            foreach (var a in new[] { left, left.t().contiguous().t() })
            {
                foreach (var b in new[] { right, right.t().contiguous().t() })
                {
                    TensorAssert.Close(expected, a.mm(b), 1e-12);
                    TensorAssert.Close(expected.to(ScalarType.Float32), a.to(ScalarType.Float32).mm(b.to(ScalarType.Float32)), 1e-4);
                }
            }
            var sum = Numbers(rows, columns);
            TensorAssert.Close(sum * 0.5 + expected * 3, sum.addmm(left, right, 0.5f, 3), 1e-12);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static Tensor Numbers(long rows, long columns) =>
        arange(rows * columns, dtype: ScalarType.Float64).mul(1.3).sin().reshape(rows, columns);
}
