using SamSegmentation.ML.Onnx.Graphs;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary>PyTorch's layers and the small modules as ONNX's operators. Tokens are [count, width], maps [1, C, h, w].</summary>
/// <param name="graph">Where they go.</param>
/// <param name="weights">The network's tensors.</param>
internal sealed class Layers(GraphBuilder graph, NetworkWeights weights)
{
    /// <summary>A linear layer on tokens.</summary>
    public Value Linear(string name, Value tokens) => graph.In(name, () => graph.Gemm(tokens, weights["weight"], weights.Find("bias")));

    /// <summary>A convolution of one cell, on tokens.</summary>
    /// <param name="name">The convolution's name.</param>
    /// <param name="tokens">[h·w, I].</param>
    /// <param name="outputs">Channels O of the output.</param>
    /// <returns>[h·w, O].</returns>
    public Value CellConvolution(string name, Value tokens, long outputs) => graph.In(name, () =>
        graph.Gemm(tokens, weights.Get("weight", [outputs, tokens.Shape[1]]), weights.Find("bias")));

    /// <summary>A convolution that keeps the size.</summary>
    public Value Convolution(string name, Value map, long rate = 1) =>
        graph.In(name, () => graph.Conv(map, weights["weight"], weights.Find("bias"), rate));

    /// <summary>Normalisation of each token.</summary>
    public Value LayerNorm(string name, Value tokens, double epsilon) =>
        graph.In(name, () => graph.LayerNormalization(tokens, weights["weight"], weights["bias"], epsilon));

    /// <summary><see cref="Modeling.LayerNorm2d"/>: normalisation of each cell's channels.</summary>
    public Value LayerNorm2d(string name, Value map) => graph.In(name, () => ToMap(
        graph.LayerNormalization(graph.Transpose(map, 0, 2, 3, 1), weights["weight"], weights["bias"], Modeling.LayerNorm2d.DefaultEpsilon)));

    /// <summary><see cref="Modeling.FeedForward"/>.</summary>
    public Value FeedForward(string name, Value tokens, Func<Value, Value> activation) =>
        graph.In(name, () => Linear("lin2", activation(Linear("lin1", tokens))));

    /// <summary><see cref="Modeling.Mlp"/>.</summary>
    public Value Mlp(string name, Value tokens, int depth) => graph.In(name, () =>
    {
        for (var i = 0; i < depth; i++)
            tokens = Linear($"layers.{i}", i == 0 ? tokens : graph.Relu(tokens));
        return tokens;
    });

    /// <summary><see cref="Modeling.Heads.ConvolutionBlock"/>.</summary>
    public Value ConvolutionBlock(string name, Value map, long rate = 1) =>
        graph.In(name, () => graph.Relu(LayerNorm2d("norm", Convolution("conv", map, rate))));

    /// <summary>[h·w, C] → [1, C, h, w].</summary>
    public Value ToMap(Value tokens, long height, long width) => ToMap(graph.Reshape(tokens, 1, height, width, tokens.Shape[1]));

    /// <summary>[1, C, h, w] → [h·w, C].</summary>
    public Value ToTokens(Value map) => graph.Transpose(graph.Reshape(map, map.Shape[1], map.Shape[2] * map.Shape[3]), 1, 0);

    // [1, h, w, C] → [1, C, h, w].
    private Value ToMap(Value cells) => graph.Transpose(cells, 0, 3, 1, 2);
}
