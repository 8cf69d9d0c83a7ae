using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Attention with decomposed relative positions (Li et al., "MViTv2", 2022, section 4.1) of queries on a grid for keys on a
/// grid of k×k that begins at the same token: the score of a query at (y, x) for a key at (y', x') is
/// q·k/√d + q·R_h[y − y'] + q·R_w[x − x'].
/// </summary>
internal static class RelativeAttention
{
    // Relative scores that are held at once, unless one row of a head's queries has more: 32 MiB of float32, near the size of a
    // processor's last cache. ViT-B's global blocks so take half of a head's queries at a time.
    private const long MostScores = 1L << 23;

    /// <summary>Lets the queries attend to the keys.</summary>
    /// <param name="query">[N, h, w, heads, d]: the queries' grid, h and w at most k.</param>
    /// <param name="key">[N, k², heads, d].</param>
    /// <param name="value">[N, k², heads, d].</param>
    /// <param name="rows">[2·k − 1, d]: R_h, from −(k − 1) to k − 1.</param>
    /// <param name="columns">[2·k − 1, d]: R_w, likewise.</param>
    /// <returns>[N, h·w, heads·d].</returns>
    internal static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor rows, Tensor columns)
    {
        using var scope = NewDisposeScope();
        var (count, height, width, heads) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var extent = (rows.shape[0] + 1) / 2;
        var grid = query.permute(0, 3, 1, 2, 4);
        var exact = grid.Widened();
        var byRow = einsum("nahwc,hkc->nahwk", exact, Table(rows, extent, height).to(exact.dtype));
        var byColumn = einsum("nahwc,wkc->nahwk", exact, Table(columns, extent, width).to(exact.dtype));
        var (keys, values) = (key.transpose(1, 2), value.transpose(1, 2));
        // On a processor, adding what is known of a pair by its row and column costs less than multiplying further channels.
        // With gradients, the sums would be kept for the way back, and there are as many as scores; a GPU would wait for the
        // many calls.
        var recorded = is_grad_enabled() && new[] { query, key, value, rows, columns }.Any(tensor => tensor.requires_grad);
        var attended = query.device.type == DeviceType.CPU && !recorded
            ? WithScores(grid, keys, values, byRow, byColumn)
            : WithChannels(grid, keys, values, byRow, byColumn);
        return attended.reshape(count, height * width, heads * value.shape[3]).MoveToOuterDisposeScope();
    }

    // The relative scores as what is added to the others, for a few windows, a few heads of one, or a few of a head's rows at a
    // time: the more queries of a head at once, the less often its keys are read.
    private static Tensor WithScores(Tensor grid, Tensor key, Tensor value, Tensor byRow, Tensor byColumn)
    {
        var (count, heads, height, width, depth) = (grid.shape[0], grid.shape[1], grid.shape[2], grid.shape[3], grid.shape[4]);
        var scoresOfRow = width * key.shape[2];
        var rowsAtOnce = Math.Clamp(MostScores / scoresOfRow, 1, height);
        var headsAtOnce = rowsAtOnce < height ? 1 : Math.Clamp(MostScores / (scoresOfRow * height), 1, heads);
        var windowsAtOnce = headsAtOnce < heads ? 1 : Math.Clamp(MostScores / (scoresOfRow * height * heads), 1, count);
        var output = empty([count, height * width, heads, value.shape[3]], dtype: value.dtype, device: value.device);
        for (var n = 0L; n < count; n += windowsAtOnce)
        {
            var windows = Math.Min(windowsAtOnce, count - n);
            for (var head = 0L; head < heads; head += headsAtOnce)
            {
                var several = Math.Min(headsAtOnce, heads - head);
                Tensor Heads(Tensor all) => all.narrow(0, n, windows).narrow(1, head, several);
                for (var y = 0L; y < height; y += rowsAtOnce)
                {
                    using var scope = NewDisposeScope();
                    var rows = Math.Min(rowsAtOnce, height - y);
                    Tensor Rows(Tensor all) => Heads(all).narrow(2, y, rows);
                    var relative = (Rows(byRow).unsqueeze(-1) + Rows(byColumn).unsqueeze(-2)).reshape(windows, several, rows * width, key.shape[2]).to(grid.dtype);
                    var attended = ScaledDotProduct.Attention(Rows(grid).reshape(windows, several, rows * width, depth), Heads(key), Heads(value), relative);
                    output.narrow(0, n, windows).narrow(1, y * width, rows * width).narrow(2, head, several).copy_(attended.transpose(1, 2));
                }
            }
        }
        return output;
    }

    // The relative scores as further channels of plain attention: the query brings its score for every row and every column,
    // the key marks its own row and column. The fused operator divides by √(all channels), which the query undoes beforehand,
    // and it is fused only where queries and values have as many channels: zeros fill them up.
    private static Tensor WithChannels(Tensor grid, Tensor key, Tensor value, Tensor byRow, Tensor byColumn)
    {
        var (count, heads, area, depth) = (grid.shape[0], grid.shape[1], grid.shape[2] * grid.shape[3], grid.shape[4]);
        var extent = byRow.shape[4];
        var restore = Math.Sqrt(depth + 2 * extent);
        var queries = cat(
            [
                grid.reshape(count, heads, area, depth) * (restore / Math.Sqrt(depth)),
                (byRow.reshape(count, heads, area, extent) * restore).to(grid.dtype),
                (byColumn.reshape(count, heads, area, extent) * restore).to(grid.dtype),
            ],
            -1);
        var keys = cat([key, RowsAndColumns(extent, key).expand(count, heads, extent * extent, 2 * extent)], -1);
        var filled = cat([value, zeros(1, dtype: value.dtype, device: value.device).expand(count, heads, extent * extent, queries.shape[3] - value.shape[3])], -1);
        return ScaledDotProduct.Attention(queries, keys, filled).narrow(3, 0, value.shape[3]).transpose(1, 2);
    }

    // R[i, j] = table[i − j + (k − 1)] for the first `count` of i: [count, k, d].
    private static Tensor Table(Tensor table, long extent, long count)
    {
        var steps = arange(extent, dtype: ScalarType.Int64, device: table.device);
        var index = steps.narrow(0, 0, count).unsqueeze(1) - steps.unsqueeze(0) + (extent - 1);
        return table.index_select(0, index.flatten()).reshape(count, extent, table.shape[1]);
    }

    // One-hot row and one-hot column of each key: [k², 2·k].
    private static Tensor RowsAndColumns(long extent, Tensor like)
    {
        // Not every libtorch makes it of 16 bits.
        var oneHot = eye(extent, dtype: ScalarType.Float32, device: like.device).to(like.dtype);
        var rows = oneHot.unsqueeze(1).expand(extent, extent, extent);
        var columns = oneHot.unsqueeze(0).expand(extent, extent, extent);
        return cat([rows, columns], -1).reshape(extent * extent, 2 * extent);
    }
}
