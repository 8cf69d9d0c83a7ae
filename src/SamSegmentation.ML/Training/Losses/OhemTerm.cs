using System.Globalization;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// The cross-entropy of the hard pixels alone (Shrivastava, Gupta and Girshick, "Training Region-based Object Detectors
/// with Online Hard Example Mining", 2016), chosen as mmsegmentation's <c>OHEMPixelSampler</c> does: those whose true
/// class has a probability below <see cref="Threshold"/>, and at least the <see cref="MinimumKept"/> × images of the
/// batch that have the lowest, or all when there are no more; the mean over the kept ones.
/// </summary>
public sealed record OhemTerm : LossTerm
{
    private const double DefaultThreshold = 0.7;
    private const int DefaultMinimum = 100_000;
    private const string ThresholdKey = "threshold";
    private const string MinimumKey = "min_kept";

    /// <summary>Pixels whose true class has a lower probability are hard.</summary>
    /// <value>The default is 0.7; greater than 0, at most 1.</value>
    public double Threshold { get; init; } = DefaultThreshold;

    /// <summary>How many pixels an image of the batch keeps at least, on average.</summary>
    /// <value>The default is 100,000, a tenth of a square of 1024; at least 1.</value>
    public int MinimumKept { get; init; } = DefaultMinimum;

    internal override string Name => "ohem";

    internal override IReadOnlyList<string> SettingNames => [ThresholdKey, MinimumKey];

    internal override Func<LossBatch, TermLoss> Prepare(LossSetting setting) => batch => new OhemLoss(Weight, Threshold, MinimumKept, batch);

    internal override LossTerm? With(string key, string value) => key switch
    {
        ThresholdKey => this with { Threshold = Number(key, value) },
        MinimumKey => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var kept)
            ? this with { MinimumKept = kept }
            : throw new FormatException($"{key} is '{value}'; expected an integer"),
        _ => null,
    };

    private protected override IEnumerable<(string Key, string Value)> Settings()
    {
        if (Threshold != DefaultThreshold)
            yield return (ThresholdKey, Text(Threshold));
        if (MinimumKept != DefaultMinimum)
            yield return (MinimumKey, MinimumKept.ToString(CultureInfo.InvariantCulture));
    }

    private protected override void AddFaults(List<OptionFault> faults)
    {
        if (!(Threshold > 0 && Threshold <= 1))
            faults.Add(nameof(Threshold), FormattableString.Invariant($"is {Threshold}; it must be greater than 0 and at most 1."));
        faults.MustBeAtLeast(nameof(MinimumKept), MinimumKept, 1);
    }
}
