using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Reports.Pictures;

namespace SamSegmentation.ML.Reports.Images;

/// <summary>An image of a report, small.</summary>
/// <param name="Id">Its name in the dataset.</param>
/// <param name="MeanIoU">How well it was segmented, see <see cref="ImageMeanIoU"/>.</param>
/// <param name="Photo">The photograph, a PNG.</param>
/// <param name="Truth">The true classes in their colours, a PNG.</param>
/// <param name="Prediction">The predicted classes in their colours, a PNG.</param>
internal sealed record ReportImage(string Id, double MeanIoU, byte[] Photo, byte[] Truth, byte[] Prediction)
{
    /// <summary>The longest side of the pictures: three of them are at most some 150 kB.</summary>
    public const int LongestSide = 256;

    /// <summary>Makes the pictures.</summary>
    /// <param name="id">The image's name.</param>
    /// <param name="meanIoU">How well it was segmented.</param>
    /// <param name="photo">The photograph by <see cref="Shrink(RgbImage)"/>.</param>
    /// <param name="truth">The true classes, of any size.</param>
    /// <param name="prediction">The predicted classes, of any size.</param>
    public static ReportImage Of(string id, double meanIoU, RgbImage photo, LabelMap truth, LabelMap prediction)
    {
        return new ReportImage(id, meanIoU, photo.EncodePng(), Colored(truth), Colored(prediction));

        byte[] Colored(LabelMap map) => ClassColors.All.Colorize(map.ResizeNearest(photo.Height, photo.Width)).EncodePng();
    }

    /// <summary>A photograph at a report's size; a smaller one stays as it is.</summary>
    public static RgbImage Shrink(RgbImage photo)
    {
        var (height, width) = SizeOf(photo.Height, photo.Width);
        return PillowResize.Bilinear(photo, height, width);
    }

    /// <summary>A map of classes at a report's size.</summary>
    public static LabelMap Shrink(LabelMap map)
    {
        var (height, width) = SizeOf(map.Height, map.Width);
        return map.ResizeNearest(height, width);
    }

    /// <summary>The size that an image has in a report.</summary>
    public static (int Height, int Width) SizeOf(int height, int width) => ImageGeometry.SizeWithin(height, width, LongestSide);
}
