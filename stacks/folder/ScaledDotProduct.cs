using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Attention for a TorchSharp older than 0.102, which lacks the fused operator: composed from matrix products and a
/// softmax, in blocks of query rows, so that a block of scores and never all of them lies in memory.
/// </summary>
internal static class ScaledDotProduct
{
    // 64 MiB of float32 scores: large enough for efficient matrix products, small beside the activations.
    private const long ScoresPerBlock = 1L << 24;

    /// <summary>softmax(q·kᵀ / √E + bias)·v (Vaswani et al., "Attention is all you need", 2017, eq. 1).</summary>
    /// <param name="query">[N, heads, L, E].</param>
    /// <param name="key">[N, heads, S, E].</param>
    /// <param name="value">[N, heads, S, Ev].</param>
    /// <param name="bias">[N, heads, L, S], of the query's type; null for none.</param>
    /// <returns>[N, heads, L, Ev].</returns>
    internal static Tensor Attention(Tensor query, Tensor key, Tensor value, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        var length = query.shape[2];
        var scoresPerRow = query.shape[0] * query.shape[1] * key.shape[2];
        var rows = Math.Clamp(ScoresPerBlock / scoresPerRow, 1, length);

        using var scaled = query * (1 / Math.Sqrt(query.shape[3]));
        using var transposedKey = key.transpose(2, 3);
        var blocks = new List<Tensor>();
        for (var start = 0L; start < length; start += rows)
        {
            using var block = scaled.narrow(2, start, Math.Min(rows, length - start));
            using var plain = block.matmul(transposedKey);
            using var scores = bias is null ? plain.alias() : plain + bias.narrow(2, start, block.shape[2]);
            using var weights = nn.functional.softmax(scores, -1);
            blocks.Add(weights.matmul(value));
        }
        var attended = blocks.Count == 1 ? blocks[0] : cat(blocks, 2);
        return attended.MoveToOuterDisposeScope();
    }
}
