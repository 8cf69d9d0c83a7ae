using SamSegmentation.ML.Modeling;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling;

/// <summary>Attention with relative positions, with and without gradients, against the score of every pair written out.</summary>
public sealed class RelativeAttentionTests
{
    private const long Heads = 2, Depth = 3;

    [Theory]
    [InlineData(1, 4, 4, 4)]
    [InlineData(3, 5, 5, 5)]
    [InlineData(2, 3, 2, 5)] // a window at the edge: fewer queries than keys
    public void Attend_EqualsTheScoresOfEveryPair(long count, long height, long width, long extent)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(count, height, width, extent);
        var expected = Composed(inputs, extent);
        Near(expected, RelativeAttention.Attend(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]));
        // With a gradient to record, the scores are made in another way.
        inputs[4].requires_grad_();
        Near(expected, RelativeAttention.Attend(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]));
    }

    [Fact]
    public void Attend_OfMoreScoresThanAreHeldAtOnce_TakesTheRowsInTurn()
    {
        using var scope = NewDisposeScope();
        // 46 rows of 46 queries for 2,116 keys and two heads: 9 million scores.
        var inputs = Inputs(1, 46, 46, 46);
        Near(Composed(inputs, 46), RelativeAttention.Attend(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]));
    }

    [Fact]
    public void Attend_OfMoreWindowsThanAreTakenAtOnce_TakesThemInTurn()
    {
        using var scope = NewDisposeScope();
        // 120 windows of 14×14: 9 million scores.
        var inputs = Inputs(120, 14, 14, 14);
        Near(Composed(inputs, 14), RelativeAttention.Attend(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]));
    }

    private static Tensor[] Inputs(long count, long height, long width, long extent) =>
    [
        Numbers(1.7, count, height, width, Heads, Depth),
        Numbers(2.3, count, extent * extent, Heads, Depth),
        Numbers(0.9, count, extent * extent, Heads, Depth),
        Numbers(3.1, 2 * extent - 1, Depth),
        Numbers(0.7, 2 * extent - 1, Depth),
    ];

    private static Tensor Composed(Tensor[] inputs, long extent)
    {
        var (query, key, value) = (inputs[0].permute(0, 3, 1, 2, 4), inputs[1].transpose(1, 2), inputs[2].transpose(1, 2));
        var (count, height, width) = (query.shape[0], query.shape[2], query.shape[3]);
        var plain = query.flatten(2, 3).matmul(key.transpose(2, 3)).reshape(count, Heads, height, width, extent, extent) / Math.Sqrt(Depth);
        var scores = zeros_like(plain);
        for (var y = 0L; y < height; y++)
        {
            for (var other = 0L; other < extent; other++)
            {
                var byRow = query.select(2, y).matmul(inputs[3][y - other + extent - 1]); // [N, heads, w]
                scores.select(2, y).select(3, other).copy_(byRow.unsqueeze(-1).expand(count, Heads, width, extent));
            }
        }
        for (var x = 0L; x < width; x++)
        {
            for (var other = 0L; other < extent; other++)
            {
                var byColumn = query.select(3, x).matmul(inputs[4][x - other + extent - 1]); // [N, heads, h]
                scores.select(3, x).select(4, other).add_(byColumn.unsqueeze(-1));
            }
        }
        return (plain + scores).flatten(4).softmax(-1).flatten(2, 3).matmul(value).transpose(1, 2).flatten(2);
    }

    private static void Near(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.shape, found.shape);
        Assert.InRange((expected - found).abs().max().item<double>(), 0, 1e-13);
    }

    private static Tensor Numbers(double step, params long[] shape) =>
        arange(shape.Aggregate(1L, (product, size) => product * size), dtype: ScalarType.Float64).mul(step).sin().mul(2).reshape(shape);
}
