using SamSegmentation.ML.Modeling.Adapters;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// A pre-norm transformer block (Dosovitskiy et al. 2021, eq. 2 and 3): x + attention(norm1(x)), then x + mlp(norm2(x)),
/// and beside the MLP a bottleneck, if the block is adapted by one.
/// </summary>
public sealed class EncoderBlock : nn.Module<Tensor, Tensor>
{
    internal const double Epsilon = 1e-6;

    private readonly LayerNorm norm1;
    private readonly EncoderAttention attn;
    private readonly LayerNorm norm2;
    private readonly FeedForward mlp;

    // Set after the components are registered: it is not part of the encoder's state.
    private BottleneckAdapter? _bottleneck;

    /// <summary>Makes the block.</summary>
    /// <param name="config">The network's dimensions.</param>
    /// <param name="global">Whether attention spans the whole grid; otherwise windows of <see cref="SamConfig.WindowSize"/>.</param>
    public EncoderBlock(SamConfig config, bool global)
        : base(nameof(EncoderBlock))
    {
        norm1 = nn.LayerNorm(config.EncoderDim, Epsilon);
        attn = new EncoderAttention(config.EncoderDim, config.EncoderHeads, global ? config.GridSize : config.WindowSize, windowed: !global);
        norm2 = nn.LayerNorm(config.EncoderDim, Epsilon);
        mlp = new FeedForward(config.EncoderDim, config.EncoderMlpDim, nn.functional.gelu);
        RegisterComponents();
    }

    /// <summary>Applies the block.</summary>
    /// <param name="tokens">[B, g, g, D].</param>
    /// <returns>[B, g, g, D].</returns>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var attended = Add(tokens, attn.forward(norm1.forward(tokens)));
        return Add(attended, ThroughMlp(norm2.forward(attended))).MoveToOuterDisposeScope();
    }

    /// <summary>Sets the number format of the products; the sums stay as they are.</summary>
    internal void Use(EncoderPrecision precision) => attn.Precision = mlp.Precision = precision;

    /// <summary>Lets adapters take part; null for none.</summary>
    internal void Adapt(BlockAdapters? adapters)
    {
        attn.Adapt(adapters?.Qkv, adapters?.Proj);
        _bottleneck = adapters?.Bottleneck;
    }

    private Tensor ThroughMlp(Tensor tokens) =>
        _bottleneck is null ? mlp.forward(tokens) : Add(mlp.forward(tokens), _bottleneck.forward(tokens));

    // Without gradients the branch, which nobody else holds, takes the sum: the frozen encoder allocates less. A branch of
    // fewer bits does not.
    private static Tensor Add(Tensor trunk, Tensor branch) =>
        is_grad_enabled() || branch.dtype != trunk.dtype ? trunk + branch : branch.add_(trunk);
}
