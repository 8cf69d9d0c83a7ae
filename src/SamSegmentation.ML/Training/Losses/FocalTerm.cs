namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// The focal loss of softmax probabilities (Lin et al., "Focal Loss for Dense Object Detection", 2017): the mean of
/// −α(1 − p)^γ log p over a batch's pixels, p the true class's probability, α its weight.
/// </summary>
/// <remarks>Unlike the cross-entropy's, the mean divides by the number of pixels, not by the sum of their weights.</remarks>
public sealed record FocalTerm : ClassWeightedTerm
{
    private const double DefaultGamma = 2;
    private const string GammaKey = "gamma";

    /// <summary>γ: how strongly pixels that are right already are played down; 0 is the cross-entropy.</summary>
    /// <value>The default is 2; at least 0.</value>
    public double Gamma { get; init; } = DefaultGamma;

    internal override string Name => "focal";

    internal override IReadOnlyList<string> SettingNames => [GammaKey, .. base.SettingNames];

    internal override Func<LossBatch, TermLoss> Prepare(LossSetting setting)
    {
        var weights = WeightsIn(setting);
        return batch => new FocalLoss(Weight, Gamma, weights, batch);
    }

    internal override LossTerm? With(string key, string value) =>
        key == GammaKey ? this with { Gamma = Number(key, value) } : base.With(key, value);

    private protected override IEnumerable<(string Key, string Value)> Settings() =>
        Gamma == DefaultGamma ? base.Settings() : [(GammaKey, Text(Gamma)), .. base.Settings()];

    private protected override void AddFaults(List<OptionFault> faults)
    {
        base.AddFaults(faults);
        faults.MustNotBeNegative(nameof(Gamma), Gamma);
    }
}
