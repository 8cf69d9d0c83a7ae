using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Onnx.Graphs;
using static SamSegmentation.ML.Onnx.Protos.TensorProto.Types;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary>What the predictor does with logits as a graph: upsampling without the padding, then a class for each pixel.</summary>
/// <param name="graph">Where it goes.</param>
/// <param name="geometry">The images' size, and where they lie in the network's input.</param>
internal sealed class ClassificationGraph(GraphBuilder graph, ImageGeometry geometry)
{
    // Class ids are stored as in the native transformer's column: 255 is void, so that it is no class.
    private const int ClassesInAByte = 255;

    /// <summary>Brings logits to the images' size.</summary>
    /// <param name="logits">[1, classes, h, h].</param>
    /// <returns>[1, classes, height, width].</returns>
    public Value Upsample(Value logits)
    {
        var side = (int)logits.Shape[2];
        return new AxisProducts(graph, "upsampling").Apply(
            logits,
            AxisWeights.Bilinear(side, geometry.ContentHeightFraction, geometry.OriginalHeight),
            AxisWeights.Bilinear(side, geometry.ContentWidthFraction, geometry.OriginalWidth));
    }

    /// <summary>The class of each pixel.</summary>
    /// <param name="upsampled">[1, classes, height, width].</param>
    /// <returns>[1, height, width].</returns>
    public Value Classes(Value upsampled) => graph.In("classes", () =>
        graph.Cast(graph.ArgMax(upsampled, 1), upsampled.Shape[1] <= ClassesInAByte ? DataType.Uint8 : DataType.Uint16));

    /// <summary>The probability of each class at each pixel.</summary>
    /// <param name="upsampled">[1, classes, height, width].</param>
    /// <returns>[1, classes, height, width].</returns>
    public Value Probabilities(Value upsampled) => graph.In("probabilities", () => graph.Softmax(upsampled, 1));
}
