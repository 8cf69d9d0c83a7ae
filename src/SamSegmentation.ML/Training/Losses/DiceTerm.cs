namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// The Dice loss of softmax probabilities p and labels g (Milletari, Navab and Ahmadi, "V-Net", 2016): the mean of
/// 1 − (2 Σpg + s) / (Σp² + Σg² + s) over the classes that the batch's labels show, the sums over the batch's pixels.
/// </summary>
public sealed record DiceTerm : LossTerm
{
    private const string SmoothKey = "smooth";

    /// <summary>s, which evens out small regions.</summary>
    /// <value>The default is 0, as in the paper; at least 0.</value>
    public double Smooth { get; init; }

    internal override string Name => "dice";

    internal override IReadOnlyList<string> SettingNames => [SmoothKey];

    internal override Func<LossBatch, TermLoss> Prepare(LossSetting setting) => batch => new DiceLoss(Weight, Smooth, batch);

    internal override LossTerm? With(string key, string value) => key == SmoothKey ? this with { Smooth = Number(key, value) } : null;

    private protected override IEnumerable<(string Key, string Value)> Settings() => Smooth == 0 ? [] : [(SmoothKey, Text(Smooth))];

    private protected override void AddFaults(List<OptionFault> faults) => faults.MustNotBeNegative(nameof(Smooth), Smooth);
}
