namespace SamSegmentation.ML.Training;

/// <summary>Ends a run when the validation mIoU has stopped rising.</summary>
public sealed record EarlyStopping
{
    /// <summary>Validations in a row without a gain after which the run ends.</summary>
    /// <value>The default is 10; at least 1.</value>
    public int Patience { get; init; } = 10;

    /// <summary>By how much the mIoU must exceed the highest before to count as a gain.</summary>
    /// <value>The default is 0: by anything. In 0..1, 1 excluded.</value>
    public double MinimumGain { get; init; }

    /// <summary>Whether a run of these epochs ends now. Epochs that were not validated do not count.</summary>
    /// <param name="epochs">The epochs so far, in their order.</param>
    public bool IsDue(IReadOnlyList<EpochMetrics> epochs)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        var highest = double.NegativeInfinity;
        var without = 0;
        foreach (var metrics in epochs.Select(epoch => epoch.Validation).OfType<Evaluation.SegmentationMetrics>())
        {
            // A mean over no class is not a number, and no gain.
            var isGain = metrics.MeanIoU > highest + (highest < 0 ? 0 : MinimumGain);
            without = isGain ? 0 : without + 1;
            if (isGain)
                highest = metrics.MeanIoU;
        }
        return without >= Patience;
    }
}
