using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// The layout in which a pixel's channels lie side by side. On a GPU, convolutions with tensor cores work in it (cuDNN takes it
/// where the input has it: ATen/native/ConvUtils.h, <c>cudnn_conv_suggest_memory_format</c>, and would transpose back and forth
/// otherwise), and what follows them here, <see cref="LayerNorm2d"/> and tokens, reads it without a copy.
/// </summary>
/// <remarks>
/// That concerns the patch embedding and the heads' <see cref="Heads.ConvolutionBlock"/>. The encoder's neck gets its tokens in
/// this layout anyhow, the mask decoder's convolutions are products of pixels with their channels last, and a classifier of
/// single cells is one product in either layout.
/// </remarks>
internal static class ChannelsLast
{
    /// <summary>Brings a map into this layout on a GPU; on the CPU, where its convolutions gain nothing, it stays as it is.</summary>
    /// <param name="map">[B, C, H, W].</param>
    /// <returns>The same values in a tensor of the current dispose scope; on the CPU the map itself.</returns>
    internal static Tensor OnGpu(Tensor map) => map.device.type == DeviceType.CPU ? map : Of(map);

    /// <summary>Brings a map into this layout; differentiable.</summary>
    internal static Tensor Of(Tensor map)
    {
        using var scope = NewDisposeScope();
        return map.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
