using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;

namespace SamSegmentation.Demo;

/// <summary>The demo's network and how it is trained: sized for two processor cores and a few minutes.</summary>
public static class DemoNetwork
{
    /// <summary>
    /// A Segment Anything of all its parts, but small: images of 128 × 128 pixels, 8 × 8 tokens, a fortieth of ViT-B's
    /// parameters. Real work starts from <see cref="SamConfig.VitB"/> and Meta's weights.
    /// </summary>
    public static SamConfig Config { get; } = new()
    {
        ImageSize = 128,
        PatchSize = 16,
        EncoderDim = 192,
        EncoderDepth = 4,
        EncoderHeads = 4,
        // So few tokens need no windows.
        GlobalAttentionBlocks = [0, 1, 2, 3],
        MlpRatio = 3,
        EmbeddingChannels = 128,
        DecoderHeads = 4,
        DecoderMlpDim = 128,
        IouHiddenDim = 32,
    };

    /// <summary>Training from scratch: everything learns, images are mirrored at random, the rate warms up and falls in a cosine.</summary>
    /// <param name="options">Epochs and seed.</param>
    /// <param name="folder">Where checkpoints, the log and the model are written.</param>
    public static TrainingOptions FromScratch(DemoOptions options, string folder) => new()
    {
        Trained = TrainedParts.Everything,
        Epochs = options.Epochs,
        BatchSize = 8,
        LearningRate = 1e-3,
        WeightDecay = 0.05,
        Schedule = new CosineSchedule { WarmupSteps = 60 },
        ClippingNorm = 1,
        FlipProbability = 0.5,
        Preprocessing = Preprocessing.Sam,
        ValidateEvery = Math.Max(1, options.Epochs / 4),
        Seed = options.Seed,
        RunFolder = folder,
    };
}
