using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Onnx.Graphs;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary><see cref="SemanticSam.encode"/> as a graph, for one image: the encoder, and the features of the head's blocks.</summary>
/// <param name="graph">Where it goes.</param>
/// <param name="weights">The network's tensors.</param>
/// <param name="network">The network, for its dimensions.</param>
internal sealed class ImageEncoderGraph(GraphBuilder graph, NetworkWeights weights, SemanticSam network)
{
    private readonly Layers _layers = new(graph, weights);
    private readonly SamConfig _config = network.Config;

    /// <summary>Adds the encoder.</summary>
    /// <param name="image">[1, 3, S, S], preprocessed.</param>
    /// <returns>[1, E, g, g].</returns>
    public Value Build(Value image)
    {
        var features = new List<Value>();
        var embedding = graph.In("image_encoder", () =>
        {
            var tokens = Embed(image);
            for (var i = 0; i < _config.EncoderDepth; i++)
            {
                tokens = Block(i, tokens);
                if (network.Head.FeatureBlocks.Contains(i))
                    features.Add(tokens);
            }
            return Neck(tokens);
        });
        return features.Count == 0 ? embedding : graph.Concat(1, embedding, Project(features));
    }

    private Value Embed(Value image)
    {
        var (grid, width) = (_config.GridSize, _config.EncoderDim);
        var patches = graph.In("patch_embed", () => graph.In("proj", () => graph.PatchConv(image, weights["weight"], weights["bias"])));
        return graph.Add(_layers.ToTokens(patches), weights.Get("pos_embed", [(long)grid * grid, width]));
    }

    private Value Block(int block, Value tokens) => graph.In($"blocks.{block}", () =>
    {
        var attention = new EncoderAttentionGraph(graph, weights, _layers, _config, _config.GlobalAttentionBlocks.Contains(block));
        var attended = graph.Add(tokens, attention.Build(_layers.LayerNorm("norm1", tokens, EncoderBlock.Epsilon)));
        var normalized = _layers.LayerNorm("norm2", attended, EncoderBlock.Epsilon);
        var branch = _layers.FeedForward("mlp", normalized, graph.Gelu);
        if (network.Adapters is { BottleneckScale: { } scale } adapters && block >= adapters.FirstBlock)
            branch = graph.Add(branch, Bottleneck(block, normalized, scale));
        return graph.Add(attended, branch);
    });

    // BottleneckAdapter. LoRA, which is linear, is in the weights already.
    private Value Bottleneck(int block, Value tokens, double scale) => graph.Apart($"adapters.{block}", () => graph.In("adaptformer", () =>
        graph.Mul(_layers.Linear("up", graph.Relu(_layers.Linear("down", tokens))), graph.Number(scale))));

    private Value Neck(Value tokens) => graph.In("neck", () =>
    {
        var channels = _config.EmbeddingChannels;
        var narrow = _layers.LayerNorm("1", _layers.CellConvolution("0", tokens, channels), LayerNorm2d.DefaultEpsilon);
        return _layers.LayerNorm2d("3", _layers.Convolution("2", _layers.ToMap(narrow, _config.GridSize, _config.GridSize)));
    });

    // FeatureProjection, whose normalisation has neither scale nor shift.
    private Value Project(List<Value> features) => graph.In("feature_projection", () =>
    {
        var ones = graph.Constant("ones", [.. Enumerable.Repeat(1f, _config.EncoderDim)], _config.EncoderDim);
        var projected = features.Select((tokens, i) => graph.Gemm(
            graph.LayerNormalization(tokens, ones, null, FeatureProjection.Epsilon), weights.Select("directions", i), null));
        return _layers.ToMap(graph.Concat(1, [.. projected]), _config.GridSize, _config.GridSize);
    });
}
