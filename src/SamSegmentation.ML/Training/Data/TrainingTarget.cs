using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Training.Data;

/// <summary>The label of one image at the size that the image has in the network's input, without padding.</summary>
/// <param name="Label">The label, resized by nearest neighbour.</param>
/// <param name="Geometry">Where the image lies in the input.</param>
/// <param name="ValidPixels">The label's pixels that are not void.</param>
internal sealed record TrainingTarget(LabelMap Label, ImageGeometry Geometry, int ValidPixels)
{
    /// <summary>Resizes a label.</summary>
    public static TrainingTarget Of(LabelMap label, ImageGeometry geometry, int voidId)
    {
        var resized = label.ResizeNearest(geometry.ContentHeight, geometry.ContentWidth);
        var voids = resized.Ids.AsSpan().Count((ushort)voidId);
        return new TrainingTarget(resized, geometry, resized.Ids.Length - voids);
    }
}
