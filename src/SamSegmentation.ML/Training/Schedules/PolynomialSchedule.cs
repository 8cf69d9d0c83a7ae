namespace SamSegmentation.ML.Training.Schedules;

/// <summary>
/// (1 − t/T)^power over the run after the warm-up: the "poly" schedule of semantic segmentation (DeepLab,
/// arXiv 1606.00915; PyTorch's <c>PolynomialLR</c>).
/// </summary>
public sealed record PolynomialSchedule : WarmedUpSchedule
{
    /// <summary>The exponent; 1 is a straight line to 0.</summary>
    /// <value>The default is 0.9; greater than 0.</value>
    public double Power { get; init; } = 0.9;

    private protected override double DecayAt(long step, long totalSteps) =>
        Math.Pow(1 - ProgressAfterWarmup(step, totalSteps), Power);

    private protected override void AddFaults(List<OptionFault> faults)
    {
        base.AddFaults(faults);
        faults.MustBePositive(nameof(Power), Power);
    }
}
