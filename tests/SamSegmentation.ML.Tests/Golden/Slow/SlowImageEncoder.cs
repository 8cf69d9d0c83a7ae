using SamSegmentation.ML.Modeling;
using static SamSegmentation.ML.Tests.Golden.Slow.SlowLayers;

namespace SamSegmentation.ML.Tests.Golden.Slow;

/// <summary>SAM's image encoder in plain loops, one image at a time: written from the papers, sharing nothing with the network under test.</summary>
internal sealed class SlowImageEncoder(SamConfig config)
{
    private const double Epsilon = 1e-6;

    private readonly int _grid = config.ImageSize / config.PatchSize;
    private readonly int _width = config.EncoderDim;

    /// <summary>Computes an image's embedding.</summary>
    /// <param name="image">[3, S, S], row by row.</param>
    /// <returns>C channels for each of the g² cells, row by row.</returns>
    public double[][] Encode(double[] image)
    {
        var tokens = Patches(image).Plus(Rows(SlowWeights.Of("image_encoder.pos_embed", 1, _grid, _grid, _width), _width));
        for (var i = 0; i < config.EncoderDepth; i++)
            tokens = Block(tokens, $"image_encoder.blocks.{i}.", config.GlobalAttentionBlocks.Contains(i));
        return Neck(tokens);
    }

    private double[][] Patches(double[] image)
    {
        var (patch, size) = (config.PatchSize, config.ImageSize);
        var weight = SlowWeights.Of("image_encoder.patch_embed.proj.weight", _width, 3, patch, patch);
        var bias = SlowWeights.Of("image_encoder.patch_embed.proj.bias", _width);
        return Cells((row, column) =>
        {
            var token = (double[])bias.Clone();
            for (var o = 0; o < _width; o++)
            {
                for (var c = 0; c < 3; c++)
                {
                    for (var y = 0; y < patch; y++)
                    {
                        for (var x = 0; x < patch; x++)
                            token[o] += weight[((o * 3 + c) * patch + y) * patch + x] * image[(c * size + row * patch + y) * size + column * patch + x];
                    }
                }
            }
            return token;
        });
    }

    private double[][] Block(double[][] tokens, string name, bool global)
    {
        var hidden = (int)(_width * config.MlpRatio);
        var (lin1, lin2) = (Linear(name + "mlp.lin1", _width, hidden), Linear(name + "mlp.lin2", hidden, _width));
        tokens = tokens.Plus(Attention(tokens.Each(LayerNorm(name + "norm1", _width, Epsilon)), name + "attn.", global ? _grid : config.WindowSize));
        return tokens.Plus(tokens.Each(LayerNorm(name + "norm2", _width, Epsilon)).Each(x => lin2(Gelu(lin1(x)))));
    }

    // Each token attends to the window that it lies in. Where that reaches over the grid's edge there are tokens of zeros,
    // which are projected and attended to like any other.
    private double[][] Attention(double[][] tokens, string name, int window)
    {
        var headWidth = _width / config.EncoderHeads;
        var (qkv, proj) = (Linear(name + "qkv", _width, 3 * _width), Linear(name + "proj", _width, _width));
        var down = Rows(SlowWeights.Of(name + "rel_pos_h", 2 * window - 1, headWidth), headWidth);
        var across = Rows(SlowWeights.Of(name + "rel_pos_w", 2 * window - 1, headWidth), headWidth);
        var projected = tokens.Each(qkv);
        var outside = qkv(new double[_width]);

        return Cells((row, column) =>
        {
            var (top, left) = (row / window * window, column / window * window);
            var output = new List<double>();
            for (var head = 0; head < config.EncoderHeads; head++)
            {
                var query = Part(At(row, column), 0, head);
                var scores = new double[window * window];
                for (var y = 0; y < window; y++)
                {
                    for (var x = 0; x < window; x++)
                    {
                        scores[y * window + x] = Dot(query, Part(At(top + y, left + x), 1, head)) / Math.Sqrt(headWidth)
                            + Dot(query, down[row - (top + y) + window - 1])
                            + Dot(query, across[column - (left + x) + window - 1]);
                    }
                }
                output.AddRange(SoftmaxSum(scores, i => Part(At(top + i / window, left + i % window), 2, head)));
            }
            return proj([.. output]);
        });

        double[] At(int row, int column) => row < _grid && column < _grid ? projected[row * _grid + column] : outside;

        // Of [3, heads, head width]: 0 query, 1 key, 2 value.
        ReadOnlySpan<double> Part(double[] token, int part, int head) => token.AsSpan((part * config.EncoderHeads + head) * headWidth, headWidth);
    }

    private double[][] Neck(double[][] tokens)
    {
        var channels = config.EmbeddingChannels;
        var narrow = Rows(SlowWeights.Of("image_encoder.neck.0.weight", channels, _width, 1, 1), _width);
        var kernel = SlowWeights.Of("image_encoder.neck.2.weight", channels, channels, 3, 3);
        var inner = tokens.Each(token => [.. narrow.Select(row => Dot(row, token))]).Each(LayerNorm("image_encoder.neck.1", channels, Epsilon));
        return Cells((row, column) =>
        {
            var output = new double[channels];
            for (var y = Math.Max(row - 1, 0); y <= Math.Min(row + 1, _grid - 1); y++)
            {
                for (var x = Math.Max(column - 1, 0); x <= Math.Min(column + 1, _grid - 1); x++)
                {
                    for (var o = 0; o < channels; o++)
                    {
                        for (var i = 0; i < channels; i++)
                            output[o] += kernel[((o * channels + i) * 3 + y - row + 1) * 3 + x - column + 1] * inner[y * _grid + x][i];
                    }
                }
            }
            return output;
        }).Each(LayerNorm("image_encoder.neck.3", channels, Epsilon));
    }

    private double[][] Cells(Func<int, int, double[]> cell) =>
        [.. Enumerable.Range(0, _grid * _grid).Select(i => cell(i / _grid, i % _grid))];

    private static double[][] Rows(double[] values, int width) => [.. values.Chunk(width)];
}
