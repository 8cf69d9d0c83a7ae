using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Onnx.Graphs;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary><see cref="SemanticSam.decode"/> as a graph, for one image.</summary>
/// <param name="graph">Where it goes.</param>
/// <param name="weights">The network's tensors.</param>
/// <param name="network">The network, for its dimensions.</param>
internal sealed class HeadGraph(GraphBuilder graph, NetworkWeights weights, SemanticSam network)
{
    private readonly Layers _layers = new(graph, weights);
    private readonly long _channels = network.Config.EmbeddingChannels;
    private readonly int _grid = network.Config.GridSize;

    /// <summary>Adds the head.</summary>
    /// <param name="embedding">[1, E, g, g].</param>
    /// <returns>[1, classes, h, h].</returns>
    /// <exception cref="NotSupportedException">The head is of a kind that cannot be exported.</exception>
    public Value Build(Value embedding)
    {
        var fused = network.feature_fusion is null ? embedding : Fuse(embedding);
        return network.Head.Kind switch
        {
            HeadKind.MaskDecoder => new MaskDecoderGraph(graph, weights, _layers, network).Build(fused),
            HeadKind.Linear => graph.In("semantic_head", () => _layers.Convolution("classifier", fused)),
            HeadKind.Aspp => graph.In("semantic_head", () => Aspp(fused)),
            HeadKind.PyramidPooling => graph.In("semantic_head", () => PyramidPooling(fused)),
            var kind => throw new NotSupportedException($"A head of kind {kind} cannot be exported; those of kind {string.Join(", ", Enum.GetNames<HeadKind>())} can."),
        };
    }

    // FeatureFusion.
    private Value Fuse(Value embedding) => graph.In("feature_fusion", () =>
    {
        var features = graph.Slice(embedding, 1, _channels, embedding.Shape[1]);
        return graph.Add(graph.Slice(embedding, 1, 0, _channels), graph.Conv(features, weights["weight"], null));
    });

    // AsppHead.
    private Value Aspp(Value embedding)
    {
        var views = new List<Value> { _layers.ConvolutionBlock("branches.0", embedding) };
        foreach (var rate in AsppHead.RatesOn(_grid))
            views.Add(_layers.ConvolutionBlock($"branches.{views.Count}", embedding, rate));
        var image = _layers.ConvolutionBlock("image_pooling", graph.GlobalAveragePool(embedding));
        views.Add(graph.Expand(image, 1, image.Shape[1], _grid, _grid));
        return _layers.Convolution("classifier", _layers.ConvolutionBlock("projection", graph.Concat(1, [.. views])));
    }

    // PyramidPoolingHead. Means of parts and interpolation are separable: each is a matrix product an axis.
    private Value PyramidPooling(Value embedding)
    {
        var levels = new List<Value> { embedding };
        for (var i = 0; i < PyramidPoolingHead.Bins.Count; i++)
        {
            var bins = PyramidPoolingHead.Bins[i];
            var pooled = new AxisProducts(graph, $"pooling.{i}").Apply(embedding, AxisWeights.Means(_grid, bins), AxisWeights.Means(_grid, bins));
            var reduced = _layers.ConvolutionBlock($"pyramid.{i}", pooled);
            levels.Add(new AxisProducts(graph, $"interpolation.{i}").Apply(reduced, AxisWeights.Bilinear(bins, 1, _grid), AxisWeights.Bilinear(bins, 1, _grid)));
        }
        return _layers.Convolution("classifier", _layers.ConvolutionBlock("bottleneck", graph.Concat(1, [.. levels])));
    }
}
