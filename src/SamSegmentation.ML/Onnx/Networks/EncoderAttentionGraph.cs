using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Onnx.Graphs;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary><see cref="EncoderAttention"/> as a graph, for one image.</summary>
/// <param name="graph">Where it goes.</param>
/// <param name="weights">The network's tensors.</param>
/// <param name="layers">Layers.</param>
/// <param name="config">The network's dimensions.</param>
/// <param name="global">Whether the whole grid attends to itself; otherwise windows.</param>
internal sealed class EncoderAttentionGraph(GraphBuilder graph, NetworkWeights weights, Layers layers, SamConfig config, bool global)
{
    private readonly long _heads = config.EncoderHeads;
    private readonly long _headWidth = config.EncoderDim / config.EncoderHeads;
    private readonly long _grid = config.GridSize;
    private readonly long _extent = global ? config.GridSize : config.WindowSize;

    // Windows a side, and the side of the grid with its padding.
    private long Windows => (_grid + _extent - 1) / _extent;

    private long Padded => Windows * _extent;

    private long Area => _extent * _extent;

    /// <summary>Adds the attention.</summary>
    /// <param name="tokens">[g², D].</param>
    /// <returns>[g², D].</returns>
    public Value Build(Value tokens) => graph.In("attn", () => layers.Linear("proj", Merge(Attend(Split(tokens)))));

    // [g², D] → queries, keys and values, [3, windows·heads, k², d].
    private Value Split(Value tokens)
    {
        var projected = graph.Reshape(Project(tokens), Windows, _extent, Windows, _extent, 3, _heads, _headWidth);
        return graph.Reshape(graph.Transpose(projected, 4, 0, 2, 5, 1, 3, 6), 3, Windows * Windows * _heads, Area, _headWidth);
    }

    // A padded token is zero, so that its projection is the bias: it need not be multiplied.
    private Value Project(Value tokens) => graph.In("qkv", () =>
    {
        if (Padded == _grid)
            return graph.Gemm(tokens, weights["weight"], weights["bias"]);
        var products = graph.Gemm(tokens, weights["weight"], null);
        var padded = graph.Pad(graph.Reshape(products, _grid, _grid, products.Shape[1]), Padded - _grid, Padded - _grid, 0);
        return graph.Add(padded, weights["bias"]);
    });

    // As the module does, by further channels: the query brings its score for every row and column, the key marks its own.
    private Value Attend(Value parts)
    {
        var count = parts.Shape[1];
        var separate = graph.Split(parts, 0, 3).Select(part => graph.Reshape(part, count, Area, _headWidth)).ToArray();
        var (query, key, value) = (separate[0], separate[1], separate[2]);

        var cells = graph.Reshape(query, count, _extent, _extent, _headWidth);
        var byRow = graph.MatMul(cells, RelativePositions("rel_pos_h"));
        var byColumn = graph.Transpose(graph.MatMul(graph.Transpose(cells, 0, 2, 1, 3), RelativePositions("rel_pos_w")), 0, 2, 1, 3);
        var queries = graph.Concat(
            -1,
            graph.Mul(query, graph.Number(1 / Math.Sqrt(_headWidth))),
            graph.Reshape(byRow, count, Area, _extent),
            graph.Reshape(byColumn, count, Area, _extent));
        var keys = graph.Concat(-1, key, RowsAndColumns(count));
        return global ? HeadByHead(queries, keys, value) : Weigh(queries, keys, value);
    }

    // All heads' scores of the whole grid at once would take 800 MB for ViT-B.
    private Value HeadByHead(Value queries, Value keys, Value values)
    {
        var (query, key, value) = (graph.Split(queries, 0, (int)_heads), graph.Split(keys, 0, (int)_heads), graph.Split(values, 0, (int)_heads));
        return graph.Concat(0, [.. query.Select((_, head) => graph.In($"head.{head}", () => Weigh(query[head], key[head], value[head])))]);
    }

    private Value Weigh(Value queries, Value keys, Value values) =>
        graph.MatMul(graph.Softmax(graph.MatMul(queries, graph.Transpose(keys, 0, 2, 1)), -1), values);

    // [windows·heads, k², d] → [g², D], without padding.
    private Value Merge(Value attended)
    {
        var windows = graph.Reshape(attended, Windows, Windows, _heads, _extent, _extent, _headWidth);
        var merged = graph.Reshape(graph.Transpose(windows, 0, 3, 1, 4, 2, 5), Padded, Padded, _heads * _headWidth);
        if (Padded != _grid)
            merged = graph.Slice(graph.Slice(merged, 0, 0, _grid), 1, 0, _grid);
        return graph.Reshape(merged, _grid * _grid, _heads * _headWidth);
    }

    // R[i, :, j] = table[i − j + (k − 1)]: [k, d, k].
    private Value RelativePositions(string name) => weights.Computed($"{name}.by_cell", [name], [_extent, _headWidth, _extent], tables =>
    {
        var steps = arange(_extent, dtype: ScalarType.Int64, device: tables[0].device);
        var index = steps.unsqueeze(1) - steps.unsqueeze(0) + (_extent - 1);
        return tables[0].index_select(0, index.flatten()).reshape(_extent, _extent, _headWidth).transpose(1, 2);
    });

    // One-hot row and one-hot column of each token: [count, k², 2·k], the same in every block of this kind.
    private Value RowsAndColumns(long count) => graph.Shared($"rows_and_columns/{_extent}", name =>
    {
        var values = new float[Area * 2 * _extent];
        for (var token = 0L; token < Area; token++)
        {
            values[token * 2 * _extent + token / _extent] = 1;
            values[token * 2 * _extent + _extent + token % _extent] = 1;
        }
        return graph.Expand(graph.Constant(name, values, 1, Area, 2 * _extent), count, Area, 2 * _extent);
    });
}
