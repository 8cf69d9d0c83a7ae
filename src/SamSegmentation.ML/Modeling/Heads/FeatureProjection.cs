using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Heads;

/// <summary>
/// Brings the outputs of encoder blocks to the embedding's C channels, so that they fit into the cache: each token is
/// normalised as the next block would (without scale and shift), and projected on C fixed random orthonormal directions,
/// which keep distances and angles between tokens nearly (Johnson and Lindenstrauss, 1984; Dasgupta and Gupta, 2003). What
/// comes out has about unit variance a channel, as the embedding has.
/// </summary>
/// <remarks>
/// Directions from the data (principal components) would keep more, but would have to be found in a pass of their own
/// before the first embedding is cached. A block's directions follow from its index alone: runs share cached embeddings.
/// </remarks>
public sealed class FeatureProjection : nn.Module<IReadOnlyList<Tensor>, Tensor>
{
    internal const double Epsilon = 1e-6;

    // A buffer [blocks, C, D]: fixed, saved with the weights, never trained.
    private readonly Tensor directions;

    /// <summary>Draws the directions; torch's own generator is not touched.</summary>
    /// <param name="blocks">Indices of the blocks.</param>
    /// <param name="width">Width D of the blocks' tokens.</param>
    /// <param name="channels">Channels C of a projected token.</param>
    public FeatureProjection(IReadOnlyList<int> blocks, int width, int channels)
        : base(nameof(FeatureProjection))
    {
        var values = blocks.SelectMany(block => OrthonormalDirections.Draw(channels, width, seed: block)).ToArray();
        using (NewDisposeScope())
            directions = tensor(values, [blocks.Count, channels, width]).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>Projects the blocks' tokens.</summary>
    /// <param name="input">For each block, [B, g, g, D].</param>
    /// <returns>[B, blocks·C, g, g].</returns>
    public override Tensor forward(IReadOnlyList<Tensor> input)
    {
        using var scope = NewDisposeScope();
        var projected = input.Select((tokens, i) =>
            nn.functional.layer_norm(tokens.to(directions.dtype), [tokens.shape[3]], eps: Epsilon).matmul(directions[i].transpose(0, 1)));
        return cat(projected.ToList(), 3).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
