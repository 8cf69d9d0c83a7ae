namespace SamSegmentation.ML.Evaluation;

/// <summary>What a confusion matrix says about a segmentation. Immutable.</summary>
/// <remarks>
/// With T<sub>c</sub> the pixels of class c, P<sub>c</sub> those predicted as c, TP<sub>c</sub> those that are both and
/// N all counted pixels:
/// IoU = TP/(T+P−TP) and Dice = 2·TP/(T+P), of no value (null) for a class of which there is no pixel in either;
/// accuracy = TP/T, of no value for a class without true pixels. Means are taken over the classes that have a value;
/// a mean of none is <see cref="double.NaN"/>. All are fractions, 0 to 1.
/// </remarks>
public sealed class SegmentationMetrics
{
    internal SegmentationMetrics(long[,] counts, IReadOnlyList<string>? classNames)
    {
        int classes = counts.GetLength(0);
        if (classNames is not null && classNames.Count != classes)
            throw new ArgumentException($"Expected {classes} class names, found {classNames.Count}.", nameof(classNames));
        ClassNames = Array.AsReadOnly(classNames?.ToArray() ?? [.. Enumerable.Range(0, classes).Select(id => $"{id}")]);

        var iou = new double?[classes];
        var dice = new double?[classes];
        var accuracy = new double?[classes];
        var rows = new IReadOnlyList<long>[classes];
        var truth = new long[classes];
        var predicted = new long[classes];
        long correct = 0;
        for (int t = 0; t < classes; t++)
        {
            var row = new long[classes];
            for (int p = 0; p < classes; p++)
            {
                row[p] = counts[t, p];
                truth[t] += counts[t, p];
                predicted[p] += counts[t, p];
            }
            rows[t] = Array.AsReadOnly(row);
            correct += counts[t, t];
            Pixels += truth[t];
        }

        double weighted = 0;
        for (int c = 0; c < classes; c++)
        {
            double hits = counts[c, c];
            long union = truth[c] + predicted[c] - counts[c, c];
            if (union > 0)
            {
                iou[c] = hits / union;
                dice[c] = 2 * hits / (truth[c] + predicted[c]);
                weighted += truth[c] * (hits / union);
            }
            if (truth[c] > 0)
                accuracy[c] = hits / truth[c];
        }

        ConfusionMatrix = Array.AsReadOnly(rows);
        PerClassPixels = Array.AsReadOnly(truth);
        PerClassIoU = Array.AsReadOnly(iou);
        PerClassDice = Array.AsReadOnly(dice);
        PerClassAccuracy = Array.AsReadOnly(accuracy);
        PerClass = Array.AsReadOnly<ClassMetrics>([.. ClassNames.Select((name, id) => new ClassMetrics(id, name, iou[id], dice[id], accuracy[id], truth[id]))]);
        ClassesCounted = iou.Count(value => value is not null);
        MeanIoU = Mean(iou);
        ForegroundMeanIoU = Mean(iou.Skip(1));
        MeanDice = Mean(dice);
        MeanAccuracy = Mean(accuracy);
        PixelAccuracy = Pixels == 0 ? double.NaN : (double)correct / Pixels;
        FrequencyWeightedIoU = Pixels == 0 ? double.NaN : weighted / Pixels;
    }

    /// <summary>The classes' names, by id.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The counts: <c>ConfusionMatrix[truth][prediction]</c> pixels.</summary>
    public IReadOnlyList<IReadOnlyList<long>> ConfusionMatrix { get; }

    /// <summary>The number of pixels counted; ignored ones are not among them.</summary>
    public long Pixels { get; }

    /// <summary>The number of true pixels of each class.</summary>
    public IReadOnlyList<long> PerClassPixels { get; }

    /// <summary>Intersection over union of each class (Jaccard index); null for a class with an empty union.</summary>
    public IReadOnlyList<double?> PerClassIoU { get; }

    /// <summary>Dice coefficient (F1) of each class; null for a class with an empty union.</summary>
    public IReadOnlyList<double?> PerClassDice { get; }

    /// <summary>The share of each class's true pixels that were found (recall); null for a class without true pixels.</summary>
    public IReadOnlyList<double?> PerClassAccuracy { get; }

    /// <summary>The classes with their names and values, by id.</summary>
    public IReadOnlyList<ClassMetrics> PerClass { get; }

    /// <summary>The number of classes that <see cref="MeanIoU"/> and <see cref="MeanDice"/> are taken over: those with a non-empty union.</summary>
    public int ClassesCounted { get; }

    /// <summary>Mean of <see cref="PerClassIoU"/> over the <see cref="ClassesCounted"/> classes (mIoU).</summary>
    public double MeanIoU { get; }

    /// <summary>The same without class 0, the background.</summary>
    public double ForegroundMeanIoU { get; }

    /// <summary>The share of pixels whose class was found.</summary>
    public double PixelAccuracy { get; }

    /// <summary>Mean of <see cref="PerClassAccuracy"/> over the classes with true pixels.</summary>
    public double MeanAccuracy { get; }

    /// <summary>Mean of <see cref="PerClassIoU"/>, each class weighted by its share of the true pixels.</summary>
    public double FrequencyWeightedIoU { get; }

    /// <summary>Mean of <see cref="PerClassDice"/> over the <see cref="ClassesCounted"/> classes.</summary>
    public double MeanDice { get; }

    /// <summary>A table for people: a line a class, then the means. Plain text, aligned by spaces, lines ended by '\n'.</summary>
    public string ToTable() => MetricsTable.Render(this);

    /// <summary>
    /// The confusion matrix for people: a line a true class, a column a predicted one by its id, each the share of the true
    /// class's pixels in percent; <c>-</c> for a class without true pixels, <c>.</c> for none.
    /// </summary>
    public string ToConfusionTable() => ConfusionTable.Render(this);

    /// <summary>The main numbers on one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"mIoU {MeanIoU:F4} over {ClassesCounted} of {ClassNames.Count} classes, pixel accuracy {PixelAccuracy:F4}");

    private static double Mean(IEnumerable<double?> values) => values.Average() ?? double.NaN;
}
