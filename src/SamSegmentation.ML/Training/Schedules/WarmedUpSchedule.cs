namespace SamSegmentation.ML.Training.Schedules;

/// <summary>
/// A schedule that may start with a linear warm-up: for t &lt; T the factor is multiplied by w(t) = f·(1 − t/T) + t/T,
/// T being <see cref="WarmupSteps"/> and f <see cref="WarmupFactor"/> (Goyal et al., arXiv 1706.02677).
/// </summary>
public abstract record WarmedUpSchedule : LearningRateSchedule
{
    private protected WarmedUpSchedule()
    {
    }

    /// <summary>The length of the warm-up in steps.</summary>
    /// <value>The default is 0: no warm-up. At least 0.</value>
    public long WarmupSteps { get; init; }

    /// <summary>What the warm-up starts from, as a part of the rate; read when <see cref="WarmupSteps"/> is above 0.</summary>
    /// <value>The default is 0.001; in 0..1.</value>
    public double WarmupFactor { get; init; } = 0.001;

    private protected sealed override double FactorAt(long step, long totalSteps) =>
        Warmup(step) * DecayAt(step, totalSteps);

    // The factor without the warm-up.
    private protected abstract double DecayAt(long step, long totalSteps);

    // How far the run is between the warm-up's end (0) and its own (1): a decay over the whole run starts after the
    // warm-up, so that the base rate is reached.
    private protected double ProgressAfterWarmup(long step, long totalSteps) =>
        step <= WarmupSteps ? 0 : (double)(step - WarmupSteps) / (totalSteps - WarmupSteps);

    private protected override void AddFaults(List<OptionFault> faults)
    {
        faults.MustBeAtLeast(nameof(WarmupSteps), WarmupSteps, 0);
        faults.MustBeIn(nameof(WarmupFactor), WarmupFactor, 0, 1);
    }

    private double Warmup(long step)
    {
        if (step >= WarmupSteps)
            return 1;
        double done = (double)step / WarmupSteps;
        return WarmupFactor * (1 - done) + done;
    }
}
