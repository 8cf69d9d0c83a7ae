using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Tests.Golden;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>A SAM small enough to be trained in a test, and always with the same weights.</summary>
internal static class TinyNetwork
{
    public static SamConfig Config { get; } = new()
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

    /// <summary>Makes the network; every value follows from its name by the golden cases' hash.</summary>
    public static SemanticSam Create(int classes = 3, HeadConfig? head = null)
    {
        var model = new SemanticSam(Config, classes, head);
        using var noGradient = no_grad();
        foreach (var (name, value) in model.state_dict())
        {
            using var made = tensor(GoldenWeights.Values(name, value.shape), value.shape);
            value.copy_(made);
        }
        return model;
    }
}
