using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Multi-head attention of the two-way transformer (Vaswani et al., "Attention is all you need", 2017, section 3.2),
/// whose inner width may be smaller than its outer one (Kirillov et al. 2023, appendix A: "cross-attention layers ...
/// reduce the channel dimension ... by 2").
/// </summary>
/// <remarks>
/// Between a few tokens and an image's thousands of pixels, the pixels are not projected at all: q·(W·x + b) is
/// (Wᵀ·q)·x + q·b, so each head's part of a projection goes to the tokens instead. With SAM's five own tokens and eight
/// heads a pixel then takes 40 products of its width, not 128, and its projections are never written to memory.
/// </remarks>
public sealed class DecoderAttention : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly Linear q_proj;
    private readonly Linear k_proj;
    private readonly Linear v_proj;
    private readonly Linear out_proj;
    private readonly long _heads;
    private readonly long _inner;

    /// <summary>Makes the projections with PyTorch's default initialisation.</summary>
    /// <param name="width">Width C of the tokens.</param>
    /// <param name="heads">Number of heads; divides the inner width.</param>
    /// <param name="downsampleRate">Inner width is <paramref name="width"/> divided by this.</param>
    public DecoderAttention(long width, long heads, long downsampleRate)
        : base(nameof(DecoderAttention))
    {
        var inner = _inner = width / downsampleRate;
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

    /// <summary>Lets tokens attend to an image, as <see cref="forward"/> does, at a lower cost where they are few.</summary>
    /// <param name="tokens">[B, T, C]: the queries.</param>
    /// <param name="keys">[B, N, C]: the image's pixels with their positions.</param>
    /// <param name="values">[B, N, C]: its pixels.</param>
    /// <returns>[B, T, C].</returns>
    public Tensor tokens_to_image(Tensor tokens, Tensor keys, Tensor values)
    {
        if (!AreFew(tokens))
            return forward(tokens, keys, values);
        using var scope = NewDisposeScope();
        var scores = Scores(keys, k_proj, q_proj.forward(tokens));
        // The weights add up to 1: projecting the pixels' mean is the same as the mean of the projected ones.
        var means = scores.softmax(1).transpose(1, 2).matmul(values).reshape(tokens.shape[0], tokens.shape[1], _heads, -1).transpose(1, 2);
        var attended = means.matmul(ByHead(v_proj.weight!).transpose(1, 2)) + ByHead(v_proj.bias!).unsqueeze(1);
        return out_proj.forward(attended.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    /// <summary>Lets an image attend to tokens, as <see cref="forward"/> does, at a lower cost where they are few.</summary>
    /// <param name="image">[B, N, C]: the queries, the image's pixels with their positions.</param>
    /// <param name="keys">[B, T, C]: the tokens with their positions.</param>
    /// <param name="values">[B, T, C]: the tokens.</param>
    /// <returns>[B, N, C].</returns>
    public Tensor image_to_tokens(Tensor image, Tensor keys, Tensor values)
    {
        if (!AreFew(keys))
            return forward(image, keys, values);
        using var scope = NewDisposeScope();
        var scores = Scores(image, q_proj, k_proj.forward(keys));
        var weights = scores.reshape(image.shape[0], image.shape[1], keys.shape[1], _heads).softmax(2).flatten(2);
        var outputs = SplitHeads(v_proj.forward(values)).matmul(ByHead(out_proj.weight!.transpose(0, 1)));
        return (weights.bmm(TokensFirst(outputs)) + out_proj.bias!).MoveToOuterDisposeScope();
    }

    // A projected pixel has as many values as heads have together; one that is not, a score for each token and head. The quarter
    // is for what is done with the scores, a guess: SAM's own five tokens are far below it, and a small network's prompts above,
    // whose sums without it would round differently from the reference's by more than the golden tolerance.
    private bool AreFew(Tensor tokens) => tokens.shape[1] * _heads < 3 * _inner / 4;

    // The scores [B, N, T·heads] of pixels [B, N, C], before their projection, and tokens [B, T, heads·d], after theirs. Pixels come
    // first in all that has some for each pixel, so that products read and write it in its order, their gradients too; heads come
    // last, because a softmax over the last dimension is slow when it is short.
    private Tensor Scores(Tensor pixels, Linear projection, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var scaled = SplitHeads(tokens * (1 / Math.Sqrt((double)tokens.shape[2] / _heads)));
        var rows = TokensFirst(scaled.matmul(ByHead(projection.weight!)));
        var offsets = TokensFirst(scaled.matmul(ByHead(projection.bias!).unsqueeze(-1)));
        return (pixels.bmm(rows.transpose(1, 2)) + offsets.transpose(1, 2)).MoveToOuterDisposeScope();
    }

    // [B, heads, T, …] → [B, T·heads, …].
    private static Tensor TokensFirst(Tensor byHead) => byHead.transpose(1, 2).flatten(1, 2);

    // [heads·d, …] → [heads, d, …].
    private Tensor ByHead(Tensor parameter) => parameter.reshape([_heads, parameter.shape[0] / _heads, .. parameter.shape[1..]]);

    // [B, L, heads·d] → [B, heads, L, d].
    private Tensor SplitHeads(Tensor tokens) =>
        tokens.reshape(tokens.shape[0], tokens.shape[1], _heads, tokens.shape[2] / _heads).transpose(1, 2);
}
