using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Reports.Images;
using SamSegmentation.ML.Training.Data;

namespace SamSegmentation.ML.Training.Runs;

/// <summary>The worst and the best images of a validation, for the report. Of all others nothing is kept.</summary>
/// <param name="samples">The validation set.</param>
/// <param name="photos">Its photographs, small.</param>
/// <param name="classes">The classes.</param>
/// <param name="count">How many of the worst, and how many of the best.</param>
internal sealed class ValidationImages(IReadOnlyList<StoredSample> samples, PhotoStore photos, ClassList classes, int count)
{
    private ImageRanking<(int Index, LabelMap Truth, LabelMap Prediction)> _ranking = new(count);

    /// <summary>The worst images, the worst first.</summary>
    public IEnumerable<(string Id, double MeanIoU)> Worst => _ranking.Worst.Select(ranked => (samples[ranked.Image.Index].Id, ranked.MeanIoU));

    /// <summary>The best images, the best first.</summary>
    public IEnumerable<(string Id, double MeanIoU)> Best => _ranking.Best.Select(ranked => (samples[ranked.Image.Index].Id, ranked.MeanIoU));

    /// <summary>Forgets the validation before.</summary>
    public void Begin() => _ranking = new(count);

    /// <summary>Looks at an image.</summary>
    /// <param name="index">Its place in the set.</param>
    /// <param name="truth">Its true classes, at its own size.</param>
    /// <param name="prediction">Its predicted classes, at its own size.</param>
    public void Look(int index, LabelMap truth, LabelMap prediction) => _ranking.Offer(
        ImageMeanIoU.Of(truth, prediction, classes.Count, classes.VoidId),
        () => (index, ReportImage.Shrink(truth), ReportImage.Shrink(prediction)));

    /// <summary>Draws them.</summary>
    /// <param name="epoch">The epoch that was validated.</param>
    public ReportImages Draw(int epoch)
    {
        return new ReportImages { Epoch = epoch, Worst = [.. _ranking.Worst.Select(Make)], Best = [.. _ranking.Best.Select(Make)] };

        ReportImage Make((double MeanIoU, (int Index, LabelMap Truth, LabelMap Prediction) Image) ranked)
        {
            var (index, truth, prediction) = ranked.Image;
            var id = samples[index].Id;
            return ReportImage.Of(id, ranked.MeanIoU, photos.Read(index, id), truth, prediction);
        }
    }
}
