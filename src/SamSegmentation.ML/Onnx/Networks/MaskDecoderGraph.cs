using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Onnx.Graphs;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary><see cref="MaskDecoder.semantic"/> as a graph, for one image. What no image changes is held as constants.</summary>
/// <param name="graph">Where it goes.</param>
/// <param name="weights">The network's tensors.</param>
/// <param name="layers">Layers.</param>
/// <param name="network">The network, for its dimensions and its positional encoding.</param>
internal sealed class MaskDecoderGraph(GraphBuilder graph, NetworkWeights weights, Layers layers, SemanticSam network)
{
    /// <summary>Adds the decoder.</summary>
    /// <param name="embedding">[1, C, g, g].</param>
    /// <returns>[1, classes, 4g, 4g].</returns>
    public Value Build(Value embedding)
    {
        var config = network.Config;
        var (grid, width) = ((long)config.GridSize, (long)config.EmbeddingChannels);
        Value? positions = null;
        var image = graph.In("prompt_encoder", () =>
        {
            positions = weights.Computed("dense_pe", [], [grid * grid, width], _ => network.prompt_encoder!.dense_pe().flatten(2).squeeze(0).transpose(0, 1));
            // "No mask", and no tokens but the decoder's own.
            return graph.Add(layers.ToTokens(embedding), graph.In("no_mask_embed", () => weights["weight"]));
        });
        return graph.In("mask_decoder", () =>
        {
            var tokens = weights.Computed(
                "output_tokens", ["iou_token.weight", "mask_tokens.weight"], [1 + SamConfig.MaskTokens, width], parts => cat(parts, 0));
            var (updated, source) = new TwoWayTransformerGraph(graph, layers, config).Build(image, positions!, tokens);
            var first = 1L + MaskDecoder.SemanticToken;
            return Classify(graph.Slice(updated, 0, first, first + 1), layers.ToMap(source, grid, grid));
        });
    }

    // Each hypernetwork turns the token into a linear classifier of the upscaled pixels.
    private Value Classify(Value token, Value source)
    {
        var upscaled = Upscale(source);
        var (channels, side) = (upscaled.Shape[1], upscaled.Shape[2]);
        var classifiers = graph.Concat(0, [.. Enumerable.Range(0, network.Classes)
            .Select(i => layers.Mlp($"output_hypernetworks_mlps.{i}", token, MaskDecoder.HypernetworkDepth))]);
        return graph.Reshape(graph.MatMul(classifiers, graph.Reshape(upscaled, channels, side * side)), 1, network.Classes, side, side);
    }

    private Value Upscale(Value source) => graph.In("output_upscaling", () =>
    {
        var twice = layers.LayerNorm2d("1", graph.In("0", () => graph.ConvTranspose(source, weights["weight"], weights["bias"])));
        return graph.Gelu(graph.In("3", () => graph.ConvTranspose(graph.Gelu(twice), weights["weight"], weights["bias"])));
    });
}
