using SamSegmentation.Bench.Measuring;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Subjects;

/// <summary>The networks that are measured; their weights are random, which costs the same as trained ones.</summary>
internal static class BenchNetwork
{
    /// <summary>PASCAL VOC's.</summary>
    internal const int Classes = 21;

    private const int Seed = 1;

    private static readonly SamConfig s_tiny = new()
    {
        ImageSize = 64,
        PatchSize = 8,
        EncoderDim = 32,
        EncoderDepth = 2,
        EncoderHeads = 2,
        WindowSize = 4,
        GlobalAttentionBlocks = [1],
        EmbeddingChannels = 16,
        DecoderHeads = 2,
        DecoderMlpDim = 32,
        IouHiddenDim = 16,
    };

    /// <summary>ViT-B's dimensions, or tiny ones.</summary>
    /// <param name="effort">Tiny for the smallest.</param>
    /// <param name="blocks">Blocks of the encoder, the last of them global; null for all.</param>
    internal static SamConfig Config(Effort effort, int? blocks = null)
    {
        if (effort == Effort.Smallest)
            return s_tiny;
        return blocks is { } depth ? SamConfig.VitB with { EncoderDepth = depth, GlobalAttentionBlocks = [depth - 1] } : SamConfig.VitB;
    }

    /// <summary>A network that takes less than a millisecond.</summary>
    internal static SamConfig Tiny => s_tiny;

    /// <summary>Makes a network in evaluation mode.</summary>
    internal static SemanticSam Create(SamConfig config)
    {
        NativeAllocator.KeepFreedMemory();
        manual_seed(Seed);
        var model = new SemanticSam(config, Classes);
        model.eval();
        return model;
    }
}
