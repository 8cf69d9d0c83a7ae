using SamSegmentation.ML.Modeling;
using static SamSegmentation.ML.Tests.Golden.Slow.SlowLayers;

namespace SamSegmentation.ML.Tests.Golden.Slow;

/// <summary>SAM's mask decoder in plain loops, with one hypernetwork per mask token or per class.</summary>
internal sealed class SlowMaskDecoder(SamConfig config, int hypernetworks)
{
    private const string Name = "mask_decoder.";
    private const int MaskTokens = 4;

    private readonly int _grid = config.ImageSize / config.PatchSize;
    private readonly int _channels = config.EmbeddingChannels;

    /// <summary>SAM's own masks, each [4g, 4g] row by row, and their IoUs: the single one first, then three.</summary>
    public (double[][] Masks, double[] Iou) Prompted(double[][] embedding, double[][] positions, IEnumerable<double[]> sparse, double[][] dense)
    {
        var (tokens, source) = Transform(embedding, positions, sparse, dense);
        return (Masks(source, i => tokens[1 + i]), Mlp(Name + "iou_prediction_head", _channels, config.IouHiddenDim, config.IouHiddenDim, MaskTokens)(tokens[0]));
    }

    /// <summary>The classes' logits, each [4g, 4g] row by row: every hypernetwork reads the second mask token.</summary>
    public double[][] Semantic(double[][] embedding, double[][] positions, double[] noMask)
    {
        var (tokens, source) = Transform(embedding, positions, [], embedding.Each(_ => noMask));
        return Masks(source, _ => tokens[2]);
    }

    /// <summary>The IoU token, the four mask tokens and the prompt's tokens, and the image, as they leave the transformer.</summary>
    public (double[][] Tokens, double[][] Source) Transform(double[][] embedding, double[][] positions, IEnumerable<double[]> sparse, double[][] dense)
    {
        double[][] tokens =
        [
            SlowWeights.Of(Name + "iou_token.weight", 1, _channels),
            .. SlowWeights.Of(Name + "mask_tokens.weight", MaskTokens, _channels).Chunk(_channels),
            .. sparse,
        ];
        return new SlowTwoWayTransformer(config).Apply(embedding.Plus(dense), positions, tokens);
    }

    private double[][] Masks(double[][] source, Func<int, double[]> token)
    {
        var (quarter, eighth) = (_channels / 4, _channels / 8);
        var larger = Double(source, _grid, Name + "output_upscaling.0", _channels, quarter)
            .Each(LayerNorm(Name + "output_upscaling.1", quarter, 1e-6)).Each(Gelu);
        var pixels = Double(larger, 2 * _grid, Name + "output_upscaling.3", quarter, eighth).Each(Gelu);
        return [.. Enumerable.Range(0, hypernetworks).Select(i =>
        {
            var classifier = Mlp($"{Name}output_hypernetworks_mlps.{i}", _channels, _channels, _channels, eighth)(token(i));
            return Array.ConvertAll(pixels, pixel => Dot(classifier, pixel));
        })];
    }

    // A transposed convolution of kernel 2 and stride 2: each cell becomes a square of four.
    private static double[][] Double(double[][] map, int side, string name, int inputs, int outputs)
    {
        var weight = SlowWeights.Of(name + ".weight", inputs, outputs, 2, 2);
        var bias = SlowWeights.Of(name + ".bias", outputs);
        return [.. Enumerable.Range(0, 4 * side * side).Select(pixel =>
        {
            var (row, column) = (pixel / (2 * side), pixel % (2 * side));
            var cell = map[row / 2 * side + column / 2];
            var output = (double[])bias.Clone();
            for (var o = 0; o < outputs; o++)
            {
                for (var i = 0; i < inputs; i++)
                    output[o] += cell[i] * weight[((i * outputs + o) * 2 + row % 2) * 2 + column % 2];
            }
            return output;
        })];
    }
}
