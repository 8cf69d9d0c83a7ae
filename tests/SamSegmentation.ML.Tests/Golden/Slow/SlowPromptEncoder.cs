using SamSegmentation.ML.Modeling;
using static SamSegmentation.ML.Tests.Golden.Slow.SlowLayers;

namespace SamSegmentation.ML.Tests.Golden.Slow;

/// <summary>SAM's prompt encoder in plain loops, one prompt at a time.</summary>
internal sealed class SlowPromptEncoder(SamConfig config)
{
    private const string Name = "prompt_encoder.";

    private readonly int _grid = config.ImageSize / config.PatchSize;
    private readonly int _channels = config.EmbeddingChannels;

    /// <summary>The positional encoding of each cell's centre: C channels for each of the g² cells.</summary>
    public double[][] DensePositions() =>
        [.. Enumerable.Range(0, _grid * _grid).Select(i => Position((i % _grid + 0.5) / _grid, (i / _grid + 0.5) / _grid))];

    /// <summary>The embedding of "no mask".</summary>
    public double[] NoMask() => SlowWeights.Of(Name + "no_mask_embed.weight", 1, _channels);

    /// <summary>Embeds points, and an empty one after them when no box follows.</summary>
    public IEnumerable<double[]> Points(IEnumerable<(double X, double Y, int Label)> points, bool boxFollows)
    {
        foreach (var (x, y, label) in points)
        {
            yield return label < 0
                ? NotAPoint()
                : Position((x + 0.5) / config.ImageSize, (y + 0.5) / config.ImageSize).Plus(Kind(label));
        }
        if (!boxFollows)
            yield return NotAPoint();
    }

    /// <summary>Embeds a box's two corners.</summary>
    public IEnumerable<double[]> Box(double left, double top, double right, double bottom)
    {
        yield return Position((left + 0.5) / config.ImageSize, (top + 0.5) / config.ImageSize).Plus(Kind(2));
        yield return Position((right + 0.5) / config.ImageSize, (bottom + 0.5) / config.ImageSize).Plus(Kind(3));
    }

    /// <summary>Embeds a mask.</summary>
    /// <param name="mask">[4g, 4g], row by row.</param>
    /// <returns>C channels for each of the g² cells.</returns>
    public double[][] Mask(double[] mask)
    {
        var (quarter, inner) = (config.MaskInChannels / 4, config.MaskInChannels);
        var half = Halve(mask.Chunk(1).ToArray(), 4 * _grid, Name + "mask_downscaling.0", 1, quarter)
            .Each(LayerNorm(Name + "mask_downscaling.1", quarter, 1e-6)).Each(Gelu);
        var small = Halve(half, 2 * _grid, Name + "mask_downscaling.3", quarter, inner)
            .Each(LayerNorm(Name + "mask_downscaling.4", inner, 1e-6)).Each(Gelu);
        var weight = SlowWeights.Of(Name + "mask_downscaling.6.weight", _channels, inner, 1, 1);
        var bias = SlowWeights.Of(Name + "mask_downscaling.6.bias", _channels);
        return small.Each(x => [.. bias.Select((value, o) => value + Dot(weight.AsSpan(o * inner, inner), x))]);
    }

    private double[] NotAPoint() => SlowWeights.Of(Name + "not_a_point_embed.weight", 1, _channels);

    private double[] Kind(int kind) => SlowWeights.Of($"{Name}point_embeddings.{kind}.weight", 1, _channels);

    private double[] Position(double x, double y)
    {
        var half = _channels / 2;
        var frequencies = SlowWeights.Of(Name + "pe_layer.positional_encoding_gaussian_matrix", 2, half);
        double[] angles = [.. Enumerable.Range(0, half).Select(c => 2 * Math.PI * ((2 * x - 1) * frequencies[c] + (2 * y - 1) * frequencies[half + c]))];
        return [.. angles.Select(Math.Sin), .. angles.Select(Math.Cos)];
    }

    // A convolution of kernel 2 and stride 2 on a square map.
    private static double[][] Halve(double[][] map, int side, string name, int inputs, int outputs)
    {
        var weight = SlowWeights.Of(name + ".weight", outputs, inputs, 2, 2);
        var bias = SlowWeights.Of(name + ".bias", outputs);
        var half = side / 2;
        return [.. Enumerable.Range(0, half * half).Select(cell =>
        {
            var output = (double[])bias.Clone();
            for (var corner = 0; corner < 4; corner++)
            {
                var pixel = map[(cell / half * 2 + corner / 2) * side + cell % half * 2 + corner % 2];
                for (var o = 0; o < outputs; o++)
                {
                    for (var i = 0; i < inputs; i++)
                        output[o] += weight[(o * inputs + i) * 4 + corner] * pixel[i];
                }
            }
            return output;
        })];
    }
}
