using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Reports.Images;

/// <summary>How well a single image was segmented: the mean IoU over the classes that are in its label or its prediction.</summary>
internal static class ImageMeanIoU
{
    /// <summary>Computes it.</summary>
    /// <param name="truth">True class ids, and <paramref name="voidId"/> where a pixel does not count.</param>
    /// <param name="prediction">Predicted class ids of the same pixels.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="voidId">The id of pixels that do not count.</param>
    /// <returns>0 to 1; NaN when no pixel counts.</returns>
    public static double Of(LabelMap truth, LabelMap prediction, int classes, int voidId)
    {
        var (both, either) = (new int[classes], new int[classes]);
        for (var i = 0; i < truth.Ids.Length; i++)
        {
            var (t, p) = (truth.Ids[i], prediction.Ids[i]);
            if (t == voidId)
                continue;
            either[t]++;
            if (t == p)
                both[t]++;
            else
                either[p]++;
        }
        var (sum, there) = (0.0, 0);
        for (var id = 0; id < classes; id++)
        {
            if (either[id] == 0)
                continue;
            sum += (double)both[id] / either[id];
            there++;
        }
        return sum / there;
    }
}
