using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// A layer of the two-way transformer (Kirillov et al. 2023, appendix A, "Lightweight mask decoder", figure 14): tokens
/// attend to themselves, then to the image; an MLP updates the tokens; then the image attends to the tokens.
/// </summary>
public sealed class TwoWayLayer : nn.Module<Tensor, Tensor, Tensor, Tensor, (Tensor queries, Tensor keys)>
{
    private readonly DecoderAttention self_attn;
    private readonly LayerNorm norm1;
    private readonly DecoderAttention cross_attn_token_to_image;
    private readonly LayerNorm norm2;
    private readonly FeedForward mlp;
    private readonly LayerNorm norm3;
    private readonly LayerNorm norm4;
    private readonly DecoderAttention cross_attn_image_to_token;
    private readonly bool _first;

    /// <summary>Makes the layer with PyTorch's default initialisation.</summary>
    /// <param name="config">The network's dimensions.</param>
    /// <param name="first">
    /// Whether this is the first layer, where the queries still equal their positional encoding: self-attention then
    /// goes without it and replaces the queries.
    /// </param>
    public TwoWayLayer(SamConfig config, bool first)
        : base(nameof(TwoWayLayer))
    {
        var (width, heads) = (config.EmbeddingChannels, config.DecoderHeads);
        self_attn = new DecoderAttention(width, heads, downsampleRate: 1);
        norm1 = nn.LayerNorm(width);
        cross_attn_token_to_image = new DecoderAttention(width, heads, downsampleRate: 2);
        norm2 = nn.LayerNorm(width);
        mlp = new FeedForward(width, config.DecoderMlpDim, x => nn.functional.relu(x));
        norm3 = nn.LayerNorm(width);
        norm4 = nn.LayerNorm(width);
        cross_attn_image_to_token = new DecoderAttention(width, heads, downsampleRate: 2);
        _first = first;
        RegisterComponents();
    }

    /// <summary>Applies the layer.</summary>
    /// <param name="queries">[B, T, C]: the tokens.</param>
    /// <param name="keys">[B, g², C]: the image.</param>
    /// <param name="queryPositions">[B, T, C]: the tokens' positional encoding.</param>
    /// <param name="keyPositions">[1 or B, g², C]: the image's positional encoding.</param>
    /// <returns>Tokens [B, T, C] and image [B, g², C].</returns>
    public override (Tensor queries, Tensor keys) forward(Tensor queries, Tensor keys, Tensor queryPositions, Tensor keyPositions)
    {
        using var scope = NewDisposeScope();

        if (_first)
        {
            queries = self_attn.forward(queries, queries, queries);
        }
        else
        {
            var placed = queries + queryPositions;
            queries = queries + self_attn.forward(placed, placed, queries);
        }
        queries = norm1.forward(queries);

        var placedKeys = keys + keyPositions;
        queries = norm2.forward(queries + cross_attn_token_to_image.tokens_to_image(queries + queryPositions, placedKeys, keys));

        queries = norm3.forward(queries + mlp.forward(queries));

        keys = norm4.forward(keys + cross_attn_image_to_token.image_to_tokens(placedKeys, queries + queryPositions, queries));

        return scope.MoveToOuter(queries, keys);
    }
}
