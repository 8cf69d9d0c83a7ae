using SamSegmentation.ML.Modeling;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary>What each position of an axis's output is made of: a matrix [outputs, inputs].</summary>
/// <param name="Outputs">Length of the output.</param>
/// <param name="Inputs">Length of the input.</param>
/// <param name="Values">The weights, row-major.</param>
internal sealed record AxisWeights(int Outputs, int Inputs, float[] Values)
{
    /// <summary>Means over parts of equal size, which overlap where the length is no multiple (PyTorch's adaptive_avg_pool).</summary>
    public static AxisWeights Means(int inputs, int parts)
    {
        var values = new float[parts * inputs];
        for (var part = 0; part < parts; part++)
        {
            var (first, end) = (part * inputs / parts, ((part + 1) * inputs + parts - 1) / parts);
            values.AsSpan(part * inputs + first, end - first).Fill(1f / (end - first));
        }
        return new AxisWeights(parts, inputs, values);
    }

    /// <summary>The bilinear interpolation of <see cref="MaskUpsampling"/>.</summary>
    /// <param name="cells">Length of the input.</param>
    /// <param name="fraction">The part of it that is interpolated.</param>
    /// <param name="pixels">Length of the output.</param>
    public static AxisWeights Bilinear(int cells, double fraction, int pixels) => new(pixels, cells, MaskUpsampling.Weights(cells, fraction, pixels));
}
