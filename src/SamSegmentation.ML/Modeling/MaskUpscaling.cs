using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// The mask decoder's "4× upscaling of the image embedding with two transposed convolutional layers" (Kirillov et al. 2023,
/// appendix A): convolution, <see cref="LayerNorm2d"/>, GELU, convolution, GELU, named as in SAM's checkpoints.
/// </summary>
/// <remarks>
/// Where stride and kernel are the same, 2, no two output pixels share an input pixel's product: a transposed convolution is
/// one matrix product from a pixel's channels to those of its four children. All of it works on pixels with their channels
/// last, so that norms and products read memory in its order.
/// </remarks>
public sealed class MaskUpscaling : nn.Module<Tensor, Tensor>
{
    private const int Side = 2;

    // Not fields of their own, which would be registered by their names: the places in SAM's sequence are the names.
    private readonly (ConvTranspose2d First, LayerNorm2d Norm, ConvTranspose2d Second) _layers;

    /// <summary>Makes the layers with PyTorch's default initialisation.</summary>
    /// <param name="width">Channels C of the image embedding; a multiple of 8.</param>
    public MaskUpscaling(long width)
        : base(nameof(MaskUpscaling))
    {
        _layers = (
            nn.ConvTranspose2d(width, width / 4, Side, stride: Side),
            new LayerNorm2d(width / 4),
            nn.ConvTranspose2d(width / 4, width / 8, Side, stride: Side));
        register_module("0", _layers.First);
        register_module("1", _layers.Norm);
        register_module("3", _layers.Second);
    }

    /// <summary>Upscales an image.</summary>
    /// <param name="pixels">[B, g², C], row by row.</param>
    /// <returns>
    /// [B, (2g)², 4, C/8]: the four children (upper left, upper right, lower left, lower right) of each pixel of a square
    /// twice as large, row by row.
    /// </returns>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var (batch, side) = (pixels.shape[0], (long)Math.Sqrt(pixels.shape[1]));
        var larger = nn.functional.gelu(_layers.Norm.forward_last(Children(pixels, _layers.First)))
            .reshape(batch, side, side, Side, Side, -1)
            .transpose(2, 3)
            .reshape(batch, Side * Side * side * side, -1);
        return nn.functional.gelu(Children(larger, _layers.Second)).MoveToOuterDisposeScope();
    }

    // [B, N, in] → [B, N, 4, out].
    private static Tensor Children(Tensor pixels, ConvTranspose2d convolution)
    {
        using var scope = NewDisposeScope();
        var weight = convolution.weight!;
        var (inputs, outputs) = (weight.shape[0], weight.shape[1]);
        var matrix = weight.permute(0, 2, 3, 1).reshape(inputs, -1);
        return convolution.bias!.repeat(Side * Side)
            .addmm(pixels.reshape(-1, inputs), matrix)
            .reshape(pixels.shape[0], pixels.shape[1], Side * Side, outputs)
            .MoveToOuterDisposeScope();
    }
}
