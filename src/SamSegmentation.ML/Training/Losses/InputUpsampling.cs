using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>Brings logits to the network's input size, where the loss is taken; differentiable.</summary>
internal static class InputUpsampling
{
    /// <summary>
    /// Interpolates bilinearly (align_corners: false) to the input's size and leaves out the padding. Equal to
    /// interpolating the whole square and cropping it.
    /// </summary>
    /// <param name="logits">[1, classes, h, h].</param>
    /// <param name="geometry">Where the image lies in the input.</param>
    /// <returns>[1, classes, content height, content width].</returns>
    public static Tensor Upsample(Tensor logits, ImageGeometry geometry)
    {
        var cells = (int)logits.shape[2];
        if (geometry.Size % cells != 0)
            return MaskUpsampling.Upsample(logits, geometry.ContentHeightFraction, geometry.ContentWidthFraction, geometry.ContentHeight, geometry.ContentWidth);
        using var scope = NewDisposeScope();
        var factor = geometry.Size / cells;
        var (rows, columns) = (Needed(geometry.ContentHeight), Needed(geometry.ContentWidth));
        return nn.functional
            .interpolate(logits.narrow(2, 0, rows).narrow(3, 0, columns), [rows * factor, columns * factor], mode: InterpolationMode.Bilinear, align_corners: false)
            .narrow(2, 0, geometry.ContentHeight)
            .narrow(3, 0, geometry.ContentWidth)
            .MoveToOuterDisposeScope();

        // The content's last pixel may lie past its cell's middle, and then reads the next cell too.
        int Needed(int pixels) => Math.Min(cells, (pixels + factor - 1) / factor + 1);
    }
}
