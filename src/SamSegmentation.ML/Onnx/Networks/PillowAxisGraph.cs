using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Onnx.Graphs;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary>
/// An axis of <see cref="PillowResize"/> as a graph, equal byte for byte for whole pixels on 0 to 255. Pillow's weights have
/// 22 bits, too many for sums in float32, and where halves are rounded the last one decides: each weight k is 2¹¹·a + b, and
/// both sums are whole numbers that float32 holds exactly (of b, |b| ≤ 2¹⁰, with up to 64 samples to one).
/// </summary>
/// <param name="graph">Where it goes.</param>
/// <param name="inputs">Length of the input.</param>
/// <param name="outputs">Length of the output.</param>
internal sealed class PillowAxisGraph(GraphBuilder graph, int inputs, int outputs)
{
    private const int LowBits = ResizeAxis.FractionBits / 2;

    /// <summary>Resamples columns.</summary>
    /// <param name="pixels">[1, 3, h, inputs].</param>
    /// <returns>[1, 3, h, outputs].</returns>
    public Value Columns(Value pixels) => Build("resize_columns", (axis, weights) => axis.Columns(pixels, weights));

    /// <summary>Resamples rows.</summary>
    /// <param name="pixels">[1, 3, inputs, w].</param>
    /// <returns>[1, 3, outputs, w].</returns>
    public Value Rows(Value pixels) => Build("resize_rows", (axis, weights) => axis.Rows(pixels, weights));

    // (2²¹ + Σ pixel·k) >> 22, which is ⌊(Σ pixel·a + ⌊Σ pixel·b / 2¹¹⌋ + 2¹⁰) / 2¹¹⌋.
    private Value Build(string name, Func<AxisProducts, AxisWeights, Value> multiply) => graph.In(name, () =>
    {
        var (high, low) = Weights();
        var unit = graph.Number(1 << LowBits);
        var carry = graph.Floor(graph.Div(multiply(new AxisProducts(graph, "low"), low), unit));
        var sum = graph.Add(multiply(new AxisProducts(graph, "high"), high), carry);
        return graph.Floor(graph.Div(graph.Add(sum, graph.Number(1 << (LowBits - 1))), unit));
    });

    private (AxisWeights High, AxisWeights Low) Weights()
    {
        var axis = new ResizeAxis(inputs, outputs);
        var (high, low) = (new float[(long)outputs * inputs], new float[(long)outputs * inputs]);
        for (var i = 0; i < outputs; i++)
        {
            for (var x = 0; x < axis.Counts[i]; x++)
            {
                var at = (long)i * inputs + axis.First[i] + x;
                var weight = axis.Weights[i * axis.Stride + x];
                var rounded = (weight + (1 << (LowBits - 1))) >> LowBits;
                (high[at], low[at]) = (rounded, weight - (rounded << LowBits));
            }
        }
        return (new AxisWeights(outputs, inputs, high), new AxisWeights(outputs, inputs, low));
    }
}
