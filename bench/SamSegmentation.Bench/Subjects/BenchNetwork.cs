using SamSegmentation.Bench.Measuring;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Subjects;

/// <summary>The networks that are measured; their weights are random, which costs the same as trained ones.</summary>
internal static class BenchNetwork
{
    /// <summary>PASCAL VOC's.</summary>
    internal const int Classes = 21;

    /// <summary>ViT-B has two blocks with windows for each global one: three stand for twelve where time is short.</summary>
    internal const int FewBlocks = 3;

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

    /// <summary>Computes embeddings that nobody wants.</summary>
    internal static void Encode(SemanticSam model, Tensor images)
    {
        using var noGradient = no_grad();
        using var embedding = model.encode(images);
    }

    /// <summary>
    /// What a job took beside its network's weights: to be asked before anything else in this process takes more. Runtime, libraries
    /// and references are in it.
    /// </summary>
    internal static Figure MemoryAboveWeights(string job, SemanticSam model)
    {
        var weights = model.parameters().Sum(parameter => parameter.numel() * parameter.element_size()) / MeasureProcess.BytesPerMebibyte;
        var above = MeasureProcess.PeakMebibytes() - weights;
        return new Figure($"{job}: peak memory above the weights", above, "MiB") { Ratio = above / weights, To = "the weights" };
    }

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
