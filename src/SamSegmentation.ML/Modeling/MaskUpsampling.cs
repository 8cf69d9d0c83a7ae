using SamSegmentation.ML.Modeling.Memory;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Brings logits from the decoder's low-resolution square to an image's own size in one bilinear step, leaving out the
/// padding. PyTorch's <c>interpolate(mode: bilinear, align_corners: false)</c> where there is no padding.
/// </summary>
public static class MaskUpsampling
{
    /// <summary>Interpolates the part of the square that holds the image.</summary>
    /// <remarks>
    /// Bilinear interpolation is separable, so each axis is one matrix product, which is differentiable and keeps the
    /// content's extent exact where it is not a whole number of cells: the centre of pixel i of n lies at
    /// (i + ½)·cells·fraction/n − ½ in cells.
    /// </remarks>
    /// <param name="logits">[N, C, h, w], floating point: the whole square, padding included.</param>
    /// <param name="contentHeightFraction">Share of the square's height that the image takes, in (0, 1].</param>
    /// <param name="contentWidthFraction">Share of the square's width that the image takes, in (0, 1].</param>
    /// <param name="height">Height of the result in pixels.</param>
    /// <param name="width">Width of the result in pixels.</param>
    /// <returns>[N, C, height, width].</returns>
    /// <exception cref="ArgumentException">The logits have not four dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A fraction or a size is out of range.</exception>
    public static Tensor Upsample(Tensor logits, double contentHeightFraction, double contentWidthFraction, int height, int width)
    {
        if (logits.dim() != 4)
            throw new ArgumentException($"Logits must be [N, C, h, w], not [{string.Join(", ", logits.shape)}].", nameof(logits));
        CheckFraction(contentHeightFraction, nameof(contentHeightFraction));
        CheckFraction(contentWidthFraction, nameof(contentWidthFraction));
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);

        using var scope = NewDisposeScope();
        var rows = Matrix((int)logits.shape[2], contentHeightFraction, height);
        var columns = Matrix((int)logits.shape[3], contentWidthFraction, width);
        // The height last: a row of the result is then written once, and the larger product reads the smaller map.
        return rows.matmul(logits.matmul(columns.transpose(0, 1))).MoveToOuterDisposeScope();

        Tensor Matrix(int cells, double fraction, int pixels) =>
            DeviceTransfer.ToDevice(tensor(Weights(cells, fraction, pixels), [pixels, cells]).to(logits.dtype), logits.device);
    }

    private static void CheckFraction(double fraction, string name)
    {
        if (!(fraction > 0 && fraction <= 1))
            throw new ArgumentOutOfRangeException(name, fraction, "A content fraction lies in (0, 1].");
    }

    // [pixels, cells], row-major: two weights a row, which sum to 1.
    internal static float[] Weights(int cells, double fraction, int pixels)
    {
        var weights = new float[(long)pixels * cells];
        var scale = cells * fraction / pixels;
        for (var i = 0; i < pixels; i++)
        {
            var centre = Math.Max(0, (i + 0.5) * scale - 0.5);
            var near = Math.Min((int)centre, cells - 1);
            var far = Math.Min(near + 1, cells - 1);
            var share = centre - near;
            weights[(long)i * cells + near] += (float)(1 - share);
            weights[(long)i * cells + far] += (float)share;
        }
        return weights;
    }
}
