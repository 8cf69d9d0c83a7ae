using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Onnx.Graphs;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary><see cref="SamPreprocessor"/> as a graph, for images of one size.</summary>
/// <param name="graph">Where it goes.</param>
/// <param name="geometry">The images' size, and where they lie in the network's input.</param>
/// <param name="mode">How they are scaled.</param>
internal sealed class PreprocessingGraph(GraphBuilder graph, ImageGeometry geometry, Preprocessing mode)
{
    /// <summary>Adds the preprocessing.</summary>
    /// <param name="pixels">[1, 3, height, width] on 0 to 255.</param>
    /// <returns>[1, 3, S, S].</returns>
    public Value Build(Value pixels) => graph.In("preprocessing", () => Pad(Scale(Resize(pixels))));

    // Columns, then rows, rounded to bytes after each; an axis that keeps its length is left out.
    private Value Resize(Value pixels)
    {
        if (geometry.ContentWidth != geometry.OriginalWidth)
            pixels = new PillowAxisGraph(graph, geometry.OriginalWidth, geometry.ContentWidth).Columns(pixels);
        if (geometry.ContentHeight != geometry.OriginalHeight)
            pixels = new PillowAxisGraph(graph, geometry.OriginalHeight, geometry.ContentHeight).Rows(pixels);
        return pixels;
    }

    private Value Scale(Value pixels) => mode switch
    {
        Preprocessing.Sam => graph.Div(
            graph.Sub(pixels, graph.Constant("mean", [.. SamPreprocessor.Mean], 1, 3, 1, 1)),
            graph.Constant("std", [.. SamPreprocessor.StandardDeviation], 1, 3, 1, 1)),
        Preprocessing.Stretch => graph.Div(pixels, graph.Number(255)),
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Unknown preprocessing."),
    };

    private Value Pad(Value pixels)
    {
        var (below, beside) = (geometry.Size - geometry.ContentHeight, geometry.Size - geometry.ContentWidth);
        return below + beside == 0 ? pixels : graph.Pad(pixels, 0, 0, below, beside);
    }
}
