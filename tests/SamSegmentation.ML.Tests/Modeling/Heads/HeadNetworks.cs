using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Tests.Golden;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling.Heads;

/// <summary>The network of the training tests with every head.</summary>
internal static class HeadNetworks
{
    public static HeadConfig[] Heads { get; } =
    [
        new() { FeatureBlocks = [0, 1] },
        new() { Kind = HeadKind.Linear },
        new() { Kind = HeadKind.Linear, FeatureBlocks = [0] },
        new() { Kind = HeadKind.Aspp, Width = 12 },
        new() { Kind = HeadKind.Aspp, FeatureBlocks = [1] },
        new() { Kind = HeadKind.PyramidPooling, Width = 12, FeatureBlocks = [0, 1] },
        new() { Kind = HeadKind.PyramidPooling },
    ];

    public static TheoryData<HeadConfig> All => [.. Heads];

    /// <summary>Makes the network; every value but the fusion's and the projection's follows from its name.</summary>
    public static SemanticSam Create(HeadConfig head, int classes = 3)
    {
        var model = new SemanticSam(TinyNetwork.Config, classes, head);
        using var noGradient = no_grad();
        foreach (var (name, value) in model.state_dict().Where(pair => !pair.Key.StartsWith("feature_", StringComparison.Ordinal)))
        {
            using var made = tensor(GoldenWeights.Values(name, value.shape), value.shape);
            value.copy_(made);
        }
        return model;
    }

    public static Tensor Images(int count = 2)
    {
        using var scope = NewDisposeScope();
        return rand(count, 3, TinyNetwork.Config.ImageSize, TinyNetwork.Config.ImageSize).MoveToOuterDisposeScope();
    }
}
