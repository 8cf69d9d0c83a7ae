namespace SamSegmentation.ML.Tests.Evaluation;

/// <summary>Metrics by their set definitions, one class at a time and without a confusion matrix.</summary>
internal sealed class SlowMetrics
{
    internal SlowMetrics(ushort[] truth, ushort[] prediction, int classes, int ignoreId)
    {
        var pixels = Enumerable.Range(0, truth.Length).Where(i => truth[i] != ignoreId).ToHashSet();
        for (int c = 0; c < classes; c++)
        {
            var isTrue = pixels.Where(i => truth[i] == c).ToHashSet();
            var isPredicted = pixels.Where(i => prediction[i] == c).ToHashSet();
            double both = isTrue.Intersect(isPredicted).Count();
            double either = isTrue.Union(isPredicted).Count();
            IoU.Add(either == 0 ? null : both / either);
            Dice.Add(either == 0 ? null : 2 * both / (isTrue.Count + isPredicted.Count));
            Accuracy.Add(isTrue.Count == 0 ? null : both / isTrue.Count);
            Frequency.Add(pixels.Count == 0 ? double.NaN : (double)isTrue.Count / pixels.Count);
        }
        PixelAccuracy = pixels.Count == 0 ? double.NaN : (double)pixels.Count(i => truth[i] == prediction[i]) / pixels.Count;
    }

    internal List<double?> IoU { get; } = [];
    internal List<double?> Dice { get; } = [];
    internal List<double?> Accuracy { get; } = [];
    internal List<double> Frequency { get; } = [];
    internal double PixelAccuracy { get; }
    internal double FrequencyWeightedIoU => Frequency.Any(double.IsNaN)
        ? double.NaN
        : Frequency.Zip(IoU, (share, iou) => share * (iou ?? 0)).Sum();

    internal static double Mean(IEnumerable<double?> values)
    {
        double[] present = [.. values.Where(value => value.HasValue).Select(value => value!.Value)];
        return present.Length == 0 ? double.NaN : present.Sum() / present.Length;
    }
}
