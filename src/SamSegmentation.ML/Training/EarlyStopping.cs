namespace SamSegmentation.ML.Training;

/// <summary>Ends a run when a metric of the validation has stopped getting better.</summary>
public sealed record EarlyStopping
{
    /// <summary>The metric.</summary>
    /// <value>The default is <see cref="ValidationMetric.MeanIoU"/>.</value>
    public ValidationMetric Metric { get; init; }

    /// <summary>Validations in a row without a gain after which the run ends.</summary>
    /// <value>The default is 10; at least 1.</value>
    public int Patience { get; init; } = 10;

    /// <summary>By how much the metric must be better than the best before to count as a gain: above it, or for the loss below.</summary>
    /// <value>The default is 0: by anything. In 0..1, 1 excluded; for the loss any number of at least 0.</value>
    public double MinimumGain { get; init; }

    /// <summary>Whether a run of these epochs ends now. Epochs that were not validated do not count.</summary>
    /// <param name="epochs">The epochs so far, in their order.</param>
    public bool IsDue(IReadOnlyList<EpochMetrics> epochs)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        // A metric over nothing is not a number, and no gain.
        var best = double.NaN;
        var without = 0;
        foreach (var value in epochs.Select(epoch => Metric.Of(epoch)).OfType<double>())
        {
            var isGain = Metric.IsBetter(value, best, MinimumGain);
            without = isGain ? 0 : without + 1;
            if (isGain)
                best = value;
        }
        return without >= Patience;
    }
}
