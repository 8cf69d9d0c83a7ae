namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// The cross-entropy, as PyTorch's <c>cross_entropy</c> has it with mean reduction: the sum over a batch's pixels divided
/// by the sum of their true classes' weights.
/// </summary>
public sealed record CrossEntropyTerm : ClassWeightedTerm
{
    private const string SmoothingKey = "label_smoothing";

    /// <summary>The part of each pixel's target that is spread over all classes evenly (Szegedy et al., 2016).</summary>
    /// <value>The default is 0; in 0..1, 1 excluded.</value>
    public double LabelSmoothing { get; init; }

    internal override string Name => "cross_entropy";

    internal override IReadOnlyList<string> SettingNames => [SmoothingKey, .. base.SettingNames];

    /// <summary>Whether it is the mean of −log p over the pixels, without weights and smoothing.</summary>
    internal bool IsPlain => ClassWeights is null && Balance == ClassBalance.None && LabelSmoothing == 0;

    internal override Func<LossBatch, TermLoss> Prepare(LossSetting setting)
    {
        var weights = WeightsIn(setting);
        return batch => new CrossEntropyLoss(Weight, weights, LabelSmoothing, batch);
    }

    /// <summary>The same on the CPU without logits at the input's size; null with label smoothing, which it does not know.</summary>
    internal FusedCrossEntropy? PrepareFused(LossSetting setting) =>
        LabelSmoothing == 0 ? new FusedCrossEntropy(Weight, WeightsIn(setting), setting) : null;

    internal override LossTerm? With(string key, string value) =>
        key == SmoothingKey ? this with { LabelSmoothing = Number(key, value) } : base.With(key, value);

    private protected override IEnumerable<(string Key, string Value)> Settings() =>
        LabelSmoothing == 0 ? base.Settings() : [(SmoothingKey, Text(LabelSmoothing)), .. base.Settings()];

    private protected override void AddFaults(List<OptionFault> faults)
    {
        base.AddFaults(faults);
        faults.MustBeBelowOne(nameof(LabelSmoothing), LabelSmoothing);
    }
}
