using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Heads;

/// <summary>
/// Pyramid pooling (Zhao et al., "Pyramid scene parsing network", PSPNet, 2017, section 3.2, figure 3): means over 1, 4, 9
/// and 36 parts of the image, each reduced to a quarter of the channels and interpolated bilinearly to the embedding's
/// size, beside the embedding itself; then a 3×3 convolution and the classifier. Normalisation differs from the paper's,
/// see <see cref="ConvolutionBlock"/>.
/// </summary>
public sealed class PyramidPoolingHead : nn.Module<Tensor, Tensor>
{
    // Parts a side.
    internal static readonly IReadOnlyList<int> Bins = [1, 2, 3, 6];

    private readonly ModuleList<ConvolutionBlock> pyramid;
    private readonly ConvolutionBlock bottleneck;
    private readonly Conv2d classifier;

    /// <summary>Makes the head with PyTorch's default initialisation.</summary>
    /// <param name="channels">Channels C of the embedding; a multiple of 4.</param>
    /// <param name="width">Channels before the classifier; 512 in the authors' program, a quarter of what enters the module.</param>
    /// <param name="classes">Number of classes.</param>
    public PyramidPoolingHead(long channels, long width, int classes)
        : base(nameof(PyramidPoolingHead))
    {
        pyramid = new ModuleList<ConvolutionBlock>();
        foreach (var _ in Bins)
            pyramid.Add(new ConvolutionBlock(channels, channels / Bins.Count, 1));
        bottleneck = new ConvolutionBlock(2 * channels, width, 3);
        classifier = nn.Conv2d(width, classes, 1);
        RegisterComponents();
    }

    /// <summary>Computes class logits.</summary>
    /// <param name="embeddings">[B, C, g, g]; where g is no multiple of a number of parts, neighbouring parts overlap.</param>
    /// <returns>[B, classes, g, g].</returns>
    public override Tensor forward(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        long[] size = [embeddings.shape[2], embeddings.shape[3]];
        var levels = new List<Tensor> { embeddings };
        for (var i = 0; i < Bins.Count; i++)
        {
            var reduced = pyramid[i].forward(nn.functional.adaptive_avg_pool2d(embeddings, Bins[i]));
            levels.Add(nn.functional.interpolate(reduced, size, mode: InterpolationMode.Bilinear, align_corners: false));
        }
        return classifier.forward(bottleneck.forward(cat(levels, 1))).MoveToOuterDisposeScope();
    }
}
