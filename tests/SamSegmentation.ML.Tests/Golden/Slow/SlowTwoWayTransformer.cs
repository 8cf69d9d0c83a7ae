using SamSegmentation.ML.Modeling;
using static SamSegmentation.ML.Tests.Golden.Slow.SlowLayers;

namespace SamSegmentation.ML.Tests.Golden.Slow;

/// <summary>The two-way transformer in plain loops, one image and prompt at a time.</summary>
internal sealed class SlowTwoWayTransformer(SamConfig config)
{
    private const string Name = "mask_decoder.transformer.";
    private const double Epsilon = 1e-5;

    private readonly int _channels = config.EmbeddingChannels;

    /// <summary>Updates tokens and image.</summary>
    public (double[][] Tokens, double[][] Image) Apply(double[][] image, double[][] imagePositions, double[][] tokens)
    {
        var (queries, keys) = (tokens, image);
        for (var i = 0; i < config.DecoderDepth; i++)
        {
            var layer = $"{Name}layers.{i}.";
            queries = i == 0
                ? Attention(layer + "self_attn", 1, queries, queries, queries)
                : queries.Plus(Attention(layer + "self_attn", 1, queries.Plus(tokens), queries.Plus(tokens), queries));
            queries = Norm(layer + "norm1", queries);

            queries = Norm(layer + "norm2", queries.Plus(
                Attention(layer + "cross_attn_token_to_image", 2, queries.Plus(tokens), keys.Plus(imagePositions), keys)));

            var (lin1, lin2) = (Linear(layer + "mlp.lin1", _channels, config.DecoderMlpDim), Linear(layer + "mlp.lin2", config.DecoderMlpDim, _channels));
            queries = Norm(layer + "norm3", queries.Plus(queries.Each(x => lin2(Relu(lin1(x))))));

            keys = Norm(layer + "norm4", keys.Plus(
                Attention(layer + "cross_attn_image_to_token", 2, keys.Plus(imagePositions), queries.Plus(tokens), queries)));
        }
        queries = Norm(Name + "norm_final_attn", queries.Plus(
            Attention(Name + "final_attn_token_to_image", 2, queries.Plus(tokens), keys.Plus(imagePositions), keys)));
        return (queries, keys);
    }

    private double[][] Norm(string name, double[][] tokens) => tokens.Each(LayerNorm(name, _channels, Epsilon));

    private double[][] Attention(string name, int downsampling, double[][] queries, double[][] keys, double[][] values)
    {
        var inner = _channels / downsampling;
        var headWidth = inner / config.DecoderHeads;
        var q = queries.Each(Linear(name + ".q_proj", _channels, inner));
        var k = keys.Each(Linear(name + ".k_proj", _channels, inner));
        var v = values.Each(Linear(name + ".v_proj", _channels, inner));
        var attended = q.Each(query =>
        {
            var output = new List<double>();
            for (var head = 0; head < config.DecoderHeads; head++)
            {
                var start = head * headWidth;
                double[] scores = [.. k.Select(key => Dot(query.AsSpan(start, headWidth), key.AsSpan(start, headWidth)) / Math.Sqrt(headWidth))];
                output.AddRange(SoftmaxSum(scores, i => v[i].AsSpan(start, headWidth)));
            }
            return [.. output];
        });
        return attended.Each(Linear(name + ".out_proj", inner, _channels));
    }
}
