using SamSegmentation.ML.Reports.Html;
using SamSegmentation.ML.Reports.Images;

namespace SamSegmentation.ML.Reports.Sections;

/// <summary>Images with their labels and predictions.</summary>
internal static class ImageGallery
{
    /// <summary>Shows the worst and the best images.</summary>
    /// <param name="images">The images.</param>
    public static Markup Render(ReportImages images) => Markup.Of($"""
        <p class="quiet">Photograph, label, prediction. An image's mIoU is the mean over the classes that it shows or was given.</p>
        <h3>Worst</h3>
        {Gallery("worst", images.Worst)}
        <h3>Best</h3>
        {Gallery("best", images.Best)}

        """);

    private static Markup Gallery(string name, IReadOnlyList<ReportImage> images) => Markup.Of($"""
        <div class="gallery" id="{name}-images">
        {images.Select(Figure)}
        </div>
        """);

    // Grid items of the outer grid are figures; the inner one has the three pictures.
    private static Markup Figure(ReportImage image) => Markup.Of($"""
        <figure><div>{Picture(image.Photo, "Photograph")}{Picture(image.Truth, "Label")}{Picture(image.Prediction, "Prediction")}</div><figcaption data-id="{image.Id}" data-v="{image.MeanIoU:R}">{image.Id} <span class="quiet">mIoU {image.MeanIoU:F4}</span></figcaption></figure>

        """);

    private static Markup Picture(byte[] png, string what) =>
        Markup.Of($"""<img loading="lazy" alt="{what}" src="data:image/png;base64,{Convert.ToBase64String(png)}">""");
}
