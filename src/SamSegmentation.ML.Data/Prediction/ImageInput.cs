using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction.Passes;

namespace SamSegmentation.ML.Prediction;

/// <summary>An image, and how the network will look at it.</summary>
/// <param name="Image">The image.</param>
/// <param name="Plan">The passes that it takes.</param>
/// <param name="Prepared">Its one pass, resized already; null when there are several, which are cut out of it in their turn.</param>
internal sealed record ImageInput(RgbImage Image, InferencePlan Plan, PreparedImage? Prepared)
{
    /// <summary>Plans an image's passes, and resizes it for the network if it takes only one.</summary>
    /// <param name="image">The image.</param>
    /// <param name="size">The side of the network's input.</param>
    /// <param name="mode">How images are brought to that size.</param>
    /// <param name="options">Sound options.</param>
    /// <exception cref="InvalidOperationException">The image is too large at one of the scales.</exception>
    public static ImageInput Of(RgbImage image, int size, Preprocessing mode, InferenceOptions options)
    {
        var plan = InferencePlan.Of(image.Height, image.Width, size, mode, options);
        return new ImageInput(image, plan, plan.IsSinglePass ? Whole(image, plan.Passes[0], size) : null);
    }

    private static PreparedImage Whole(RgbImage image, InferencePass pass, int size)
    {
        var (height, width) = (pass.Rows.Scaled, pass.Columns.Scaled);
        return new PreparedImage(PillowResize.Bilinear(image, height, width).Pixels, new ImageGeometry(image.Height, image.Width, height, width, size));
    }
}
