namespace SamSegmentation.ML.Modeling;

/// <summary>
/// The dimensions of a Segment Anything network (Kirillov et al., "Segment Anything", 2023, appendix A). The defaults
/// are those of ViT-B.
/// </summary>
public sealed record SamConfig
{
    /// <summary>Number of mask tokens: one for a single mask and three for an ambiguous prompt (appendix A).</summary>
    internal const int MaskTokens = 4;

    /// <summary>ViT-B: 89,670,912 encoder parameters.</summary>
    public static SamConfig VitB { get; } = new();

    /// <summary>ViT-L: 308 M encoder parameters.</summary>
    public static SamConfig VitL { get; } = new()
    {
        EncoderDim = 1024,
        EncoderDepth = 24,
        EncoderHeads = 16,
        GlobalAttentionBlocks = [5, 11, 17, 23],
    };

    /// <summary>ViT-H: 637 M encoder parameters.</summary>
    public static SamConfig VitH { get; } = new()
    {
        EncoderDim = 1280,
        EncoderDepth = 32,
        EncoderHeads = 16,
        GlobalAttentionBlocks = [7, 15, 23, 31],
    };

    /// <summary>Side of the square input in pixels.</summary>
    /// <value>The default is 1024; a multiple of <see cref="PatchSize"/>.</value>
    public int ImageSize { get; init; } = 1024;

    /// <summary>Side of the square patch that becomes one token, in pixels.</summary>
    /// <value>The default is 16.</value>
    public int PatchSize { get; init; } = 16;

    /// <summary>Width of the image encoder's tokens.</summary>
    /// <value>The default is 768; a multiple of <see cref="EncoderHeads"/>.</value>
    public int EncoderDim { get; init; } = 768;

    /// <summary>Number of the image encoder's blocks.</summary>
    /// <value>The default is 12.</value>
    public int EncoderDepth { get; init; } = 12;

    /// <summary>Attention heads of each encoder block.</summary>
    /// <value>The default is 12.</value>
    public int EncoderHeads { get; init; } = 12;

    /// <summary>Side of an attention window in patches, for the blocks that are not global.</summary>
    /// <value>The default is 14. It need not divide <see cref="GridSize"/>.</value>
    public int WindowSize { get; init; } = 14;

    /// <summary>Zero-based indices of the blocks whose attention spans the whole image.</summary>
    /// <value>The default is 2, 5, 8, 11; each in 0..<see cref="EncoderDepth"/>−1, none twice.</value>
    public IReadOnlyList<int> GlobalAttentionBlocks { get; init; } = [2, 5, 8, 11];

    /// <summary>Hidden width of an encoder block's MLP, as a multiple of <see cref="EncoderDim"/>.</summary>
    /// <value>The default is 4.</value>
    public double MlpRatio { get; init; } = 4;

    /// <summary>Channels of the image embedding, which are also the decoder's width.</summary>
    /// <value>The default is 256; a multiple of 8 and of twice <see cref="DecoderHeads"/>.</value>
    public int EmbeddingChannels { get; init; } = 256;

    /// <summary>Attention heads of the two-way transformer.</summary>
    /// <value>The default is 8.</value>
    public int DecoderHeads { get; init; } = 8;

    /// <summary>Layers of the two-way transformer.</summary>
    /// <value>The default is 2.</value>
    public int DecoderDepth { get; init; } = 2;

    /// <summary>Hidden width of the two-way transformer's MLPs.</summary>
    /// <value>The default is 2048.</value>
    public int DecoderMlpDim { get; init; } = 2048;

    /// <summary>Hidden width of the head that predicts each mask's IoU.</summary>
    /// <value>The default is 256.</value>
    public int IouHiddenDim { get; init; } = 256;

    /// <summary>Channels within the prompt encoder's mask downscaling.</summary>
    /// <value>The default is 16; a multiple of 4.</value>
    public int MaskInChannels { get; init; } = 16;

    /// <summary>Side of the token grid and of the image embedding: <see cref="ImageSize"/> / <see cref="PatchSize"/>.</summary>
    public int GridSize => ImageSize / PatchSize;

    /// <summary>Hidden width of an encoder block's MLP: ⌊<see cref="EncoderDim"/> · <see cref="MlpRatio"/>⌋.</summary>
    public int EncoderMlpDim => (int)(EncoderDim * MlpRatio);

    /// <summary>Lists everything that makes this configuration impossible.</summary>
    /// <returns>One sentence per fault; empty when the configuration is sound.</returns>
    public IReadOnlyList<string> FindFaults()
    {
        var faults = new List<string>();
        foreach (var (name, value) in Sizes())
        {
            if (value < 1)
                faults.Add($"{name} is {value}; it must be at least 1.");
        }
        MustBeMultiple(nameof(ImageSize), ImageSize, PatchSize, nameof(PatchSize));
        MustBeMultiple(nameof(EncoderDim), EncoderDim, EncoderHeads, nameof(EncoderHeads));
        MustBeMultiple(nameof(EmbeddingChannels), EmbeddingChannels, 8, "two upscalings, to a quarter and an eighth");
        MustBeMultiple(nameof(EmbeddingChannels), EmbeddingChannels, 2L * DecoderHeads, $"2·{nameof(DecoderHeads)}");
        MustBeMultiple(nameof(MaskInChannels), MaskInChannels, 4, "two downscalings");
        if (!double.IsFinite(MlpRatio) || MlpRatio <= 0 || EncoderDim * MlpRatio is < 1 or > int.MaxValue)
            faults.Add($"MlpRatio is {MlpRatio}; {nameof(EncoderDim)}·MlpRatio must be at least 1 and finite.");
        foreach (var block in GlobalAttentionBlocks.Where(block => block < 0 || block >= EncoderDepth))
            faults.Add($"GlobalAttentionBlocks holds {block}; with {EncoderDepth} blocks it must be in 0..{EncoderDepth - 1}.");
        foreach (var twice in GlobalAttentionBlocks.GroupBy(block => block).Where(same => same.Count() > 1))
            faults.Add($"GlobalAttentionBlocks holds {twice.Key} {twice.Count()} times.");
        return faults;

        void MustBeMultiple(string name, int value, long factor, string reason)
        {
            if (value >= 1 && factor >= 1 && value % factor != 0)
                faults.Add($"{name} is {value}; it must be a multiple of {factor} ({reason}).");
        }
    }

    /// <summary>Checks that a network of these dimensions can be built.</summary>
    /// <exception cref="ArgumentException">It cannot; the message lists every fault.</exception>
    public void Validate()
    {
        var faults = FindFaults();
        if (faults.Count > 0)
            throw new ArgumentException($"SamConfig has {faults.Count} fault(s):{string.Concat(faults.Select(fault => $"{Environment.NewLine}- {fault}"))}");
    }

    /// <summary>Whether both configurations have the same dimensions and the same global blocks in the same order.</summary>
    public bool Equals(SamConfig? other) =>
        other is not null
        && Sizes().SequenceEqual(other.Sizes())
        && MlpRatio.Equals(other.MlpRatio)
        && GlobalAttentionBlocks.SequenceEqual(other.GlobalAttentionBlocks);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (_, value) in Sizes())
            hash.Add(value);
        hash.Add(MlpRatio);
        foreach (var block in GlobalAttentionBlocks)
            hash.Add(block);
        return hash.ToHashCode();
    }

    private IEnumerable<(string Name, int Value)> Sizes() =>
    [
        (nameof(ImageSize), ImageSize), (nameof(PatchSize), PatchSize),
        (nameof(EncoderDim), EncoderDim), (nameof(EncoderDepth), EncoderDepth), (nameof(EncoderHeads), EncoderHeads),
        (nameof(WindowSize), WindowSize), (nameof(EmbeddingChannels), EmbeddingChannels),
        (nameof(DecoderHeads), DecoderHeads), (nameof(DecoderDepth), DecoderDepth), (nameof(DecoderMlpDim), DecoderMlpDim),
        (nameof(IouHiddenDim), IouHiddenDim), (nameof(MaskInChannels), MaskInChannels),
    ];
}
