using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// The transformer of SAM's mask decoder, which updates tokens and image in turn (Kirillov et al. 2023, appendix A,
/// "Lightweight mask decoder"): its layers, then a last attention of the tokens to the image.
/// </summary>
public sealed class TwoWayTransformer : nn.Module<Tensor, Tensor, Tensor, (Tensor tokens, Tensor image)>
{
    private readonly ModuleList<TwoWayLayer> layers;
    private readonly DecoderAttention final_attn_token_to_image;
    private readonly LayerNorm norm_final_attn;

    /// <summary>Makes the transformer with PyTorch's default initialisation.</summary>
    /// <param name="config">The network's dimensions.</param>
    public TwoWayTransformer(SamConfig config)
        : base(nameof(TwoWayTransformer))
    {
        layers = new ModuleList<TwoWayLayer>();
        for (var i = 0; i < config.DecoderDepth; i++)
            layers.Add(new TwoWayLayer(config, first: i == 0));
        final_attn_token_to_image = new DecoderAttention(config.EmbeddingChannels, config.DecoderHeads, downsampleRate: 2);
        norm_final_attn = nn.LayerNorm(config.EmbeddingChannels);
        RegisterComponents();
    }

    /// <summary>Updates tokens and image.</summary>
    /// <param name="image">[B, C, g, g].</param>
    /// <param name="imagePositions">[1 or B, C, g, g]: the image's positional encoding.</param>
    /// <param name="tokens">[B, T, C]; they are their own positional encoding.</param>
    /// <returns>Tokens [B, T, C] and image [B, g², C].</returns>
    public override (Tensor tokens, Tensor image) forward(Tensor image, Tensor imagePositions, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var keys = Pixels(image);
        var keyPositions = Pixels(imagePositions);
        var queries = tokens;

        foreach (var layer in layers)
            (queries, keys) = layer.forward(queries, keys, tokens, keyPositions);

        var attended = final_attn_token_to_image.tokens_to_image(queries + tokens, keys + keyPositions, keys);
        return scope.MoveToOuter(norm_final_attn.forward(queries + attended), keys);
    }

    // [B, C, g, g] → [B, g², C]. Image by image, because libtorch transposes matrices in blocks and other tensors value by value.
    private static Tensor Pixels(Tensor image)
    {
        using var scope = NewDisposeScope();
        return stack(image.unbind(0).Select(one => one.flatten(1).transpose(0, 1).contiguous()).ToList()).MoveToOuterDisposeScope();
    }
}
