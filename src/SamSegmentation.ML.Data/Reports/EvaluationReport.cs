using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.IO;
using SamSegmentation.ML.Reports.Html;
using SamSegmentation.ML.Reports.Images;
using SamSegmentation.ML.Reports.Sections;

namespace SamSegmentation.ML.Reports;

/// <summary>
/// An evaluation as a page: a table of the classes, the confusion matrix, the worst and the best images. The page is one
/// file that needs nothing else to be shown.
/// </summary>
/// <remarks>
/// Of all images only the worst and the best are kept, small, so that memory does not grow with their number. An instance
/// is not thread-safe.
/// </remarks>
public sealed class EvaluationReport
{
    private readonly int _classes;
    private readonly int _voidId;
    private readonly ImageRanking<(string Id, RgbImage Photo, LabelMap Truth, LabelMap Prediction)> _ranking;

    /// <summary>Begins a report.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="voidId">The true id of pixels that do not count.</param>
    /// <param name="images">How many of the worst, and how many of the best images are shown; 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public EvaluationReport(int classes, int voidId = 255, int images = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        (_classes, _voidId) = (classes, voidId);
        _ranking = new(images);
        HasImages = images > 0;
    }

    /// <summary>Whether images are looked at.</summary>
    private bool HasImages { get; }

    /// <summary>Looks at an image.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="photo">The photograph.</param>
    /// <param name="truth">Its true classes, at its own size.</param>
    /// <param name="prediction">Its predicted classes, at its own size.</param>
    /// <exception cref="ArgumentException">The two maps are not of the same size.</exception>
    public void Add(string id, RgbImage photo, LabelMap truth, LabelMap prediction)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(prediction);
        if (truth.Height != prediction.Height || truth.Width != prediction.Width)
            throw new ArgumentException($"'{id}': the truth is {truth.Width}×{truth.Height}, the prediction {prediction.Width}×{prediction.Height}.", nameof(prediction));
        if (HasImages)
        {
            _ranking.Offer(
                ImageMeanIoU.Of(truth, prediction, _classes, _voidId),
                () => (id, ReportImage.Shrink(photo), ReportImage.Shrink(truth), ReportImage.Shrink(prediction)));
        }
    }

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file; it is replaced in one step, and its folder is made.</param>
    /// <param name="title">What was evaluated.</param>
    /// <param name="metrics">What the evaluation came to.</param>
    /// <param name="facts">Names and values to be listed, such as the model, the dataset and how it was evaluated.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path, string title, SegmentationMetrics metrics, IEnumerable<(string Name, string Value)> facts)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(facts);
        var sections = new List<Markup>
        {
            Facts.Tiles(
            [
                ("mIoU", Facts.Fraction(metrics.MeanIoU)),
                ("mIoU without class 0", Facts.Fraction(metrics.ForegroundMeanIoU)),
                ("pixel accuracy", Facts.Fraction(metrics.PixelAccuracy)),
                ("mean accuracy", Facts.Fraction(metrics.MeanAccuracy)),
                ("mean Dice", Facts.Fraction(metrics.MeanDice)),
            ]),
            Page.Section("classes", "Classes", ClassTable.Render(metrics.PerClass)),
            Page.Section("confusion", "Confusion", ConfusionMap.Render(metrics.ClassNames, metrics.ConfusionMatrix)),
        };
        if (HasImages)
            sections.Add(Page.Section("images", "Images", ImageGallery.Render(Images())));
        sections.Add(Page.Section("run", "How it was evaluated", Facts.Render(facts)));
        AtomicFile.Write(path, Page.Render(title, "Evaluation", sections));
    }

    private ReportImages Images()
    {
        return new ReportImages { Worst = [.. _ranking.Worst.Select(Make)], Best = [.. _ranking.Best.Select(Make)] };

        static ReportImage Make((double MeanIoU, (string Id, RgbImage Photo, LabelMap Truth, LabelMap Prediction) Image) ranked) =>
            ReportImage.Of(ranked.Image.Id, ranked.MeanIoU, ranked.Image.Photo, ranked.Image.Truth, ranked.Image.Prediction);
    }
}
