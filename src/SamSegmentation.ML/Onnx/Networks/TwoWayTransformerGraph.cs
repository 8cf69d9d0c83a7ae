using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Onnx.Graphs;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary><see cref="TwoWayTransformer"/> as a graph, for one image without prompts.</summary>
/// <param name="graph">Where it goes.</param>
/// <param name="layers">Layers.</param>
/// <param name="config">The network's dimensions.</param>
internal sealed class TwoWayTransformerGraph(GraphBuilder graph, Layers layers, SamConfig config)
{
    // PyTorch's default.
    private const double Epsilon = 1e-5;

    /// <summary>Adds the transformer.</summary>
    /// <param name="image">[g², C].</param>
    /// <param name="positions">[g², C]: the image's positional encoding.</param>
    /// <param name="tokens">[T, C]; they are their own positional encoding.</param>
    /// <returns>Tokens [T, C] and image [g², C].</returns>
    public (Value Tokens, Value Image) Build(Value image, Value positions, Value tokens)
    {
        var (queries, keys) = (tokens, image);
        var updated = graph.In("transformer", () =>
        {
            for (var i = 0; i < config.DecoderDepth; i++)
                (queries, keys) = Layer(i, queries, keys, tokens, positions);
            return layers.LayerNorm("norm_final_attn", graph.Add(queries, Attention(
                "final_attn_token_to_image", graph.Add(queries, tokens), graph.Add(keys, positions), keys)), Epsilon);
        });
        return (updated, keys);
    }

    private (Value Queries, Value Keys) Layer(int layer, Value queries, Value keys, Value tokens, Value positions)
    {
        var updated = queries;
        var image = graph.In($"layers.{layer}", () =>
        {
            updated = layers.LayerNorm("norm1", layer == 0 ? Attention("self_attn", queries, queries, queries) : WithSelf(queries, tokens), Epsilon);
            var placedKeys = graph.Add(keys, positions);
            updated = layers.LayerNorm("norm2", graph.Add(updated, Attention(
                "cross_attn_token_to_image", graph.Add(updated, tokens), placedKeys, keys)), Epsilon);
            updated = layers.LayerNorm("norm3", graph.Add(updated, layers.FeedForward("mlp", updated, graph.Relu)), Epsilon);
            return layers.LayerNorm("norm4", graph.Add(keys, Attention(
                "cross_attn_image_to_token", placedKeys, graph.Add(updated, tokens), updated)), Epsilon);
        });
        return (updated, image);
    }

    private Value WithSelf(Value queries, Value tokens)
    {
        var placed = graph.Add(queries, tokens);
        return graph.Add(queries, Attention("self_attn", placed, placed, queries));
    }

    // DecoderAttention: [L, C], [S, C], [S, C] → [L, C].
    private Value Attention(string name, Value queries, Value keys, Value values) => graph.In(name, () =>
    {
        var query = Heads(layers.Linear("q_proj", queries));
        var key = Heads(layers.Linear("k_proj", keys));
        var value = Heads(layers.Linear("v_proj", values));
        var scaled = graph.Mul(query, graph.Number(1 / Math.Sqrt(query.Shape[2])));
        var attended = graph.MatMul(graph.Softmax(graph.MatMul(scaled, graph.Transpose(key, 0, 2, 1)), -1), value);
        return layers.Linear("out_proj", graph.Reshape(graph.Transpose(attended, 1, 0, 2), queries.Shape[0], value.Shape[0] * value.Shape[2]));
    });

    // [L, heads·d] → [heads, L, d].
    private Value Heads(Value tokens) =>
        graph.Transpose(graph.Reshape(tokens, tokens.Shape[0], config.DecoderHeads, tokens.Shape[1] / config.DecoderHeads), 1, 0, 2);
}
