using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Multi-head attention of the two-way transformer (Vaswani et al., "Attention is all you need", 2017, section 3.2),
/// whose inner width may be smaller than its outer one (Kirillov et al. 2023, appendix A: "cross-attention layers ...
/// reduce the channel dimension ... by 2").
/// </summary>
public sealed class DecoderAttention : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly Linear q_proj;
    private readonly Linear k_proj;
    private readonly Linear v_proj;
    private readonly Linear out_proj;
    private readonly long _heads;

    /// <summary>Makes the projections with PyTorch's default initialisation.</summary>
    /// <param name="width">Width C of the tokens.</param>
    /// <param name="heads">Number of heads; divides the inner width.</param>
    /// <param name="downsampleRate">Inner width is <paramref name="width"/> divided by this.</param>
    public DecoderAttention(long width, long heads, long downsampleRate)
        : base(nameof(DecoderAttention))
    {
        var inner = width / downsampleRate;
        q_proj = nn.Linear(width, inner);
        k_proj = nn.Linear(width, inner);
        v_proj = nn.Linear(width, inner);
        out_proj = nn.Linear(inner, width);
        _heads = heads;
        RegisterComponents();
    }

    /// <summary>Lets the queries attend to the keys.</summary>
    /// <param name="queries">[B, L, C].</param>
    /// <param name="keys">[B, S, C].</param>
    /// <param name="values">[B, S, C].</param>
    /// <returns>[B, L, C].</returns>
    public override Tensor forward(Tensor queries, Tensor keys, Tensor values)
    {
        using var scope = NewDisposeScope();
        var attended = ScaledDotProduct.Attention(
            SplitHeads(q_proj.forward(queries)), SplitHeads(k_proj.forward(keys)), SplitHeads(v_proj.forward(values)));
        return out_proj.forward(attended.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    // [B, L, heads·d] → [B, heads, L, d].
    private Tensor SplitHeads(Tensor tokens) =>
        tokens.reshape(tokens.shape[0], tokens.shape[1], _heads, tokens.shape[2] / _heads).transpose(1, 2);
}
