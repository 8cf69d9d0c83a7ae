using SamSegmentation.ML.Modeling;

namespace SamSegmentation.ML.Tests.Golden.Slow;

/// <summary>Tiny networks of dimensions that the golden cases do not have.</summary>
internal static class OddNetworks
{
    private static readonly SamConfig s_base = new()
    {
        ImageSize = 20,
        PatchSize = 4,
        EncoderDim = 12,
        EncoderDepth = 2,
        EncoderHeads = 3,
        WindowSize = 2,
        GlobalAttentionBlocks = [1],
        EmbeddingChannels = 16,
        DecoderHeads = 2,
        DecoderMlpDim = 10,
        IouHiddenDim = 7,
        MaskInChannels = 8,
    };

    /// <summary>The networks by what is odd about them, with their number of classes and of images.</summary>
    public static IReadOnlyDictionary<string, (SamConfig Config, int Classes, int Batch)> All { get; } =
        new Dictionary<string, (SamConfig, int, int)>
        {
            ["window does not divide the grid"] = (s_base, 3, 1),
            ["three images"] = (s_base with { WindowSize = 3 }, 3, 3),
            ["window larger than the grid"] = (s_base with { WindowSize = 8 }, 2, 2),
            ["window as large as the grid"] = (s_base with { WindowSize = 5 }, 2, 1),
            ["window of one token"] = (s_base with { WindowSize = 1 }, 2, 1),
            ["window divides the grid"] = (s_base with { ImageSize = 24, WindowSize = 3 }, 2, 2),
            ["one global block"] = (s_base with { EncoderDepth = 1, GlobalAttentionBlocks = [0] }, 2, 1),
            ["one windowed block"] = (s_base with { EncoderDepth = 1, GlobalAttentionBlocks = [] }, 2, 1),
            ["all blocks windowed"] = (s_base with { EncoderDepth = 3, GlobalAttentionBlocks = [] }, 2, 2),
            ["all blocks global"] = (s_base with { EncoderDepth = 3, GlobalAttentionBlocks = [2, 0, 1] }, 2, 2),
            ["one head of odd width"] = (s_base with { EncoderDim = 7, EncoderHeads = 1 }, 2, 1),
            ["heads of one channel"] = (s_base with { EncoderDim = 6, EncoderHeads = 6 }, 2, 1),
            ["one token"] = (s_base with { ImageSize = 4 }, 2, 2),
            ["odd patches"] = (s_base with { ImageSize = 49, PatchSize = 7, WindowSize = 4 }, 2, 1),
            ["patches of one pixel"] = (s_base with { ImageSize = 3, PatchSize = 1 }, 2, 1),
            ["narrow MLP"] = (s_base with { MlpRatio = 0.5 }, 2, 1),
            ["MLP of a broken ratio"] = (s_base with { MlpRatio = 2.7 }, 2, 1),
            ["one class"] = (s_base, 1, 2),
            ["300 classes"] = (s_base, 300, 1),
            ["narrowest decoder"] = (s_base with { EmbeddingChannels = 8, DecoderHeads = 1, MaskInChannels = 4 }, 2, 2),
            ["three decoder heads"] = (s_base with { EmbeddingChannels = 24, DecoderHeads = 3 }, 2, 1),
            ["decoder heads of one channel"] = (s_base with { DecoderHeads = 8, DecoderMlpDim = 1, IouHiddenDim = 1 }, 2, 1),
            ["three decoder layers"] = (s_base with { DecoderDepth = 3 }, 2, 2),
            ["one decoder layer"] = (s_base with { DecoderDepth = 1 }, 2, 1),
        };
}
