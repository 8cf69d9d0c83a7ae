using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Onnx.Graphs;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary>A network as a graph in one of the forms.</summary>
internal static class NetworkGraph
{
    /// <summary>Builds the graph.</summary>
    /// <param name="network">The network, whose tensors the graph reads when it is written.</param>
    /// <param name="preprocessing">How the network was trained to see images.</param>
    /// <param name="options">Sound options.</param>
    /// <returns>The graph. With LoRA, merged weights are tensors of the current dispose scope.</returns>
    public static Graph Build(SemanticSam network, Preprocessing preprocessing, OnnxExportOptions options)
    {
        var config = network.Config;
        var graph = new GraphBuilder(options.Form.ToString(), Describe(options.Form));
        var weights = new NetworkWeights(graph, network.merged_state_dict(), options.Precision);
        var encoder = new ImageEncoderGraph(graph, weights, network);
        var head = new HeadGraph(graph, weights, network);
        switch (options.Form)
        {
            case OnnxForm.Complete:
                var geometry = ImageGeometry.Of(options.Height ?? config.ImageSize, options.Width ?? config.ImageSize, config.ImageSize, preprocessing);
                var pixels = graph.Input(OnnxNames.Pixels, 1, 3, geometry.OriginalHeight, geometry.OriginalWidth);
                var logits = head.Build(encoder.Build(new PreprocessingGraph(graph, geometry, preprocessing).Build(pixels)));
                var classification = new ClassificationGraph(graph, geometry);
                var upsampled = classification.Upsample(logits);
                graph.Output(OnnxNames.PredictedLabel, classification.Classes(upsampled));
                if (options.Probabilities)
                    graph.Output(OnnxNames.Score, classification.Probabilities(upsampled));
                break;
            case OnnxForm.Network:
                graph.Output(OnnxNames.Logits, head.Build(encoder.Build(Image())));
                break;
            case OnnxForm.Encoder:
                graph.Output(OnnxNames.Embedding, encoder.Build(Image()));
                break;
            case OnnxForm.Head:
                graph.Output(OnnxNames.Logits, head.Build(graph.Input(OnnxNames.Embedding, 1, network.EmbeddingChannels, config.GridSize, config.GridSize)));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Form, "Unknown form.");
        }
        return graph.Build();

        Value Image() => graph.Input(OnnxNames.Input, 1, 3, config.ImageSize, config.ImageSize);
    }

    private static string Describe(OnnxForm form) => form switch
    {
        OnnxForm.Complete => "Segment Anything for semantic segmentation: pixels to class ids.",
        OnnxForm.Network => "Segment Anything for semantic segmentation: preprocessed pixels to class logits.",
        OnnxForm.Encoder => "Segment Anything's image encoder: preprocessed pixels to an embedding.",
        OnnxForm.Head => "The semantic head of Segment Anything: an embedding to class logits.",
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "Unknown form."),
    };
}
