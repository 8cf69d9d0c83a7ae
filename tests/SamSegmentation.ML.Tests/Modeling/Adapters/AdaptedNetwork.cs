using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Tests.Training;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling.Adapters;

/// <summary>Tiny networks whose adapters do something.</summary>
internal static class AdaptedNetwork
{
    public static AdapterOptions Small { get; } = new() { Kind = AdapterKind.Both, LoraRank = 2, LoraAlpha = 3, BottleneckWidth = 5, BottleneckScale = 0.5 };

    /// <summary>The network of the tests with adapters, none of whose weights is zero.</summary>
    public static SemanticSam Create(AdapterOptions options, int classes = 3)
    {
        var model = TinyNetwork.Create(classes);
        model.AddAdapters(options);
        Disturb(model);
        return model;
    }

    /// <summary>Gives the adapters weights as they might have after training.</summary>
    public static void Disturb(SemanticSam model)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (_, value) in model.state_dict().Where(pair => IsAdapter(pair.Key)))
            value.copy_(randn(value.shape, dtype: value.dtype) * 0.2);
    }

    public static bool IsAdapter(string name) => name.StartsWith("adapters.", StringComparison.Ordinal);

    public static Tensor Images(int count = 2)
    {
        using var scope = NewDisposeScope();
        return randn(count, 3, TinyNetwork.Config.ImageSize, TinyNetwork.Config.ImageSize).MoveToOuterDisposeScope();
    }
}
