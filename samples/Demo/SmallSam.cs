using SamSegmentation.ML.Modeling;

namespace SamSegmentation.Demo;

/// <summary>
/// The small Segment Anything that the repository brings, pretrained on synthetic scenes by <see cref="Pretraining"/>: what
/// <c>sam_vit_b_01ec64.pth</c> is for real work.
/// </summary>
public static class SmallSam
{
    /// <summary>
    /// A Segment Anything of all its parts, but small: images of 128 × 128 pixels, 16 × 16 tokens, a sixtieth of ViT-B's
    /// parameters. As in SAM, most blocks attend within windows and every third one over the whole image.
    /// </summary>
    public static SamConfig Config { get; } = new()
    {
        ImageSize = 128,
        PatchSize = 8,
        EncoderDim = 128,
        EncoderDepth = 6,
        EncoderHeads = 4,
        WindowSize = 8,
        GlobalAttentionBlocks = [2, 5],
        EmbeddingChannels = 64,
        DecoderMlpDim = 128,
        IouHiddenDim = 32,
        MaskInChannels = 8,
    };

    /// <summary>Its weights: a checkpoint with the names of Meta's files, in float16, beside the program.</summary>
    public static string Checkpoint { get; } = Path.Combine(AppContext.BaseDirectory, "weights", "small_sam.safetensors");
}
