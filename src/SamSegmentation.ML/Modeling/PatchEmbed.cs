using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Cuts an image into square patches and maps each to a token with one strided convolution (Dosovitskiy et al., "An
/// image is worth 16x16 words", 2021, section 3.1).
/// </summary>
public sealed class PatchEmbed : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d proj;

    /// <summary>Makes the projection with PyTorch's default initialisation.</summary>
    /// <param name="patchSize">Side of a patch in pixels.</param>
    /// <param name="width">Width D of a token.</param>
    public PatchEmbed(long patchSize, long width)
        : base(nameof(PatchEmbed))
    {
        proj = nn.Conv2d(3, width, patchSize, stride: patchSize);
        RegisterComponents();
    }

    /// <summary>Makes tokens of an image.</summary>
    /// <param name="images">[B, 3, S, S].</param>
    /// <returns>[B, S/patch, S/patch, D].</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        // So that on a GPU tokens lie one after the other, as the blocks read them.
        return proj.forward(ChannelsLast.OnGpu(images)).permute(0, 2, 3, 1).MoveToOuterDisposeScope();
    }
}
