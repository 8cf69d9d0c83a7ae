using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Heads;

/// <summary>
/// Atrous spatial pyramid pooling with an image-level branch (Chen et al., "Rethinking atrous convolution for semantic
/// image segmentation", DeepLabv3, 2017, section 3.3, figure 5): a 1×1 convolution, three 3×3 convolutions of growing
/// rates and the mean of the image side by side, then a 1×1 convolution over all of them and the classifier.
/// </summary>
/// <remarks>
/// The rates reach as far over SAM's grid as the paper's 6, 12 and 18 do over its grid of 33 (a crop of 513 at an output
/// stride of 16): 12, 24, 36 on 64 cells, which are also the paper's own for its grid of 65. Normalisation differs from
/// the paper's, see <see cref="ConvolutionBlock"/>.
/// </remarks>
public sealed class AsppHead : nn.Module<Tensor, Tensor>
{
    // The paper's rates on a grid of as many cells.
    private const int PaperGrid = 32;
    private static readonly int[] s_paperRates = [6, 12, 18];

    private readonly ModuleList<ConvolutionBlock> branches;
    private readonly ConvolutionBlock image_pooling;
    private readonly ConvolutionBlock projection;
    private readonly Conv2d classifier;

    /// <summary>Makes the head with PyTorch's default initialisation.</summary>
    /// <param name="channels">Channels C of the embedding.</param>
    /// <param name="grid">Side g of the embedding, which decides the rates.</param>
    /// <param name="width">Channels of each branch; 256 in the paper.</param>
    /// <param name="classes">Number of classes.</param>
    public AsppHead(long channels, int grid, long width, int classes)
        : base(nameof(AsppHead))
    {
        branches = new ModuleList<ConvolutionBlock>(new ConvolutionBlock(channels, width, 1));
        foreach (var rate in RatesOn(grid))
            branches.Add(new ConvolutionBlock(channels, width, 3, rate));
        image_pooling = new ConvolutionBlock(channels, width, 1);
        projection = new ConvolutionBlock((branches.Count + 1) * width, width, 1);
        classifier = nn.Conv2d(width, classes, 1);
        RegisterComponents();
    }

    /// <summary>The rates of the 3×3 convolutions on a grid: the paper's, scaled; the smallest are 1, 2 and 3.</summary>
    /// <param name="grid">Side of the grid in cells.</param>
    /// <returns>Three ascending rates.</returns>
    public static IReadOnlyList<int> RatesOn(int grid) =>
        [.. s_paperRates.Select((rate, i) => Math.Max(i + 1, (rate * grid + PaperGrid / 2) / PaperGrid))];

    /// <summary>Computes class logits.</summary>
    /// <param name="embeddings">[B, C, g, g].</param>
    /// <returns>[B, classes, g, g].</returns>
    public override Tensor forward(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        // Once for all branches.
        var map = ChannelsLast.OnGpu(embeddings);
        var views = branches.Select(branch => branch.forward(map)).ToList();
        // Bilinear interpolation from one cell is the same value everywhere.
        var image = image_pooling.forward(nn.functional.adaptive_avg_pool2d(map, 1));
        views.Add(image.expand(image.shape[0], image.shape[1], embeddings.shape[2], embeddings.shape[3]));
        return classifier.forward(projection.forward(cat(views, 1))).MoveToOuterDisposeScope();
    }
}
