namespace SamSegmentation.ML.Reports.Images;

/// <summary>Keeps the best and the worst of many images, and of the others nothing.</summary>
/// <typeparam name="T">What is kept of an image.</typeparam>
/// <param name="count">How many of either end are kept.</param>
internal sealed class ImageRanking<T>(int count)
{
    private readonly List<(double MeanIoU, T Image)> _best = [];
    private readonly List<(double MeanIoU, T Image)> _worst = [];
    private int _seen;

    /// <summary>The best images, the best first; of equal ones, the first. An image is never among the worst too.</summary>
    public IEnumerable<(double MeanIoU, T Image)> Best => _best.Take((_seen + 1) / 2);

    /// <summary>The worst images, the worst first; of equal ones, the last: the order is that of the best reversed.</summary>
    public IEnumerable<(double MeanIoU, T Image)> Worst => _worst.Take(_seen / 2);

    /// <summary>Looks at an image.</summary>
    /// <param name="meanIoU">How well it was segmented; one of no value (NaN) is passed over.</param>
    /// <param name="make">Makes what is kept; called once at most, and only for an image that is kept.</param>
    public void Offer(double meanIoU, Func<T> make)
    {
        if (double.IsNaN(meanIoU))
            return;
        _seen++;
        var (high, low) = (Place(_best, other => other >= meanIoU), Place(_worst, other => other < meanIoU));
        if (high == count && low == count)
            return;
        var image = make();
        Insert(_best, high);
        Insert(_worst, low);

        int Place(List<(double MeanIoU, T Image)> kept, Predicate<double> comesFirst)
        {
            var place = kept.FindIndex(other => !comesFirst(other.MeanIoU));
            return place < 0 ? kept.Count : place;
        }

        void Insert(List<(double MeanIoU, T Image)> kept, int place)
        {
            if (place == count)
                return;
            kept.Insert(place, (meanIoU, image));
            if (kept.Count > count)
                kept.RemoveAt(count);
        }
    }
}
