using SamSegmentation.ML.Onnx.Graphs;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary>
/// Resampling of maps, an axis at a time. Such a step is linear and its weights are known, so that a matrix product with a
/// constant states it exactly; ONNX's own Resize differs in the details from runtime to runtime.
/// </summary>
/// <param name="graph">Where it goes.</param>
/// <param name="name">The step's name.</param>
internal sealed class AxisProducts(GraphBuilder graph, string name)
{
    /// <summary>Resamples columns, then rows.</summary>
    /// <param name="map">[1, C, h, w].</param>
    /// <param name="rows">What the output's rows are made of.</param>
    /// <param name="columns">What the output's columns are made of.</param>
    /// <returns>[1, C, rows, columns].</returns>
    public Value Apply(Value map, AxisWeights rows, AxisWeights columns) => Rows(Columns(map, columns), rows);

    /// <summary>Resamples columns.</summary>
    public Value Columns(Value map, AxisWeights columns) => graph.In(name, () => graph.MatMul(map, graph.Transpose(Held("columns", columns), 1, 0)));

    /// <summary>Resamples rows.</summary>
    public Value Rows(Value map, AxisWeights rows) => graph.In(name, () => graph.MatMul(Held("rows", rows), map));

    private Value Held(string what, AxisWeights weights) => graph.Constant(what, weights.Values, weights.Outputs, weights.Inputs);
}
