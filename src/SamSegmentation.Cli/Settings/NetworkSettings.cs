using SamSegmentation.ML.Modeling;

namespace SamSegmentation.Cli.Settings;

/// <summary>Dimensions of the network, each null where the variant's or the checkpoint's holds.</summary>
internal sealed record NetworkSettings
{
    public int? ImageSize { get; init; }

    public int? PatchSize { get; init; }

    public int? EncoderDim { get; init; }

    public int? EncoderDepth { get; init; }

    public int? EncoderHeads { get; init; }

    public int? WindowSize { get; init; }

    public IReadOnlyList<int>? GlobalAttentionBlocks { get; init; }

    public double? MlpRatio { get; init; }

    public int? EmbeddingChannels { get; init; }

    public int? DecoderHeads { get; init; }

    public int? DecoderDepth { get; init; }

    public int? DecoderMlpDim { get; init; }

    public int? IouHiddenDim { get; init; }

    public int? MaskInChannels { get; init; }

    /// <summary>A configuration with these dimensions in place of its own.</summary>
    /// <param name="config">What holds where nothing is said.</param>
    public SamConfig Over(SamConfig config) => config with
    {
        ImageSize = ImageSize ?? config.ImageSize,
        PatchSize = PatchSize ?? config.PatchSize,
        EncoderDim = EncoderDim ?? config.EncoderDim,
        EncoderDepth = EncoderDepth ?? config.EncoderDepth,
        EncoderHeads = EncoderHeads ?? config.EncoderHeads,
        WindowSize = WindowSize ?? config.WindowSize,
        GlobalAttentionBlocks = GlobalAttentionBlocks ?? config.GlobalAttentionBlocks,
        MlpRatio = MlpRatio ?? config.MlpRatio,
        EmbeddingChannels = EmbeddingChannels ?? config.EmbeddingChannels,
        DecoderHeads = DecoderHeads ?? config.DecoderHeads,
        DecoderDepth = DecoderDepth ?? config.DecoderDepth,
        DecoderMlpDim = DecoderMlpDim ?? config.DecoderMlpDim,
        IouHiddenDim = IouHiddenDim ?? config.IouHiddenDim,
        MaskInChannels = MaskInChannels ?? config.MaskInChannels,
    };
}
