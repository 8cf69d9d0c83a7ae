using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Heads;

/// <summary>
/// A linear classifier of each cell: the probe by which representations are compared (Oquab et al., "DINOv2", 2023;
/// Wang et al., "SAM-CLIP", 2023).
/// </summary>
public sealed class LinearHead : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d classifier;

    /// <summary>Makes the head with PyTorch's default initialisation.</summary>
    /// <param name="channels">Channels C of the embedding.</param>
    /// <param name="classes">Number of classes.</param>
    public LinearHead(long channels, int classes)
        : base(nameof(LinearHead))
    {
        classifier = nn.Conv2d(channels, classes, 1);
        RegisterComponents();
    }

    /// <summary>Computes class logits.</summary>
    /// <param name="embeddings">[B, C, g, g].</param>
    /// <returns>[B, classes, g, g].</returns>
    public override Tensor forward(Tensor embeddings) => classifier.forward(embeddings);
}
