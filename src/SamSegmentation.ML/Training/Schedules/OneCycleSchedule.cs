namespace SamSegmentation.ML.Training.Schedules;

/// <summary>
/// Half a cosine up to the base rate and half a cosine down to almost nothing (Smith and Topin, arXiv 1708.07120;
/// PyTorch's <c>OneCycleLR</c> in two phases, whose max_lr is the base rate). It warms up by itself.
/// </summary>
public sealed record OneCycleSchedule : LearningRateSchedule
{
    /// <summary>The part of the run in which the rate rises.</summary>
    /// <value>The default is 0.3; in 0..1.</value>
    public double RisingPart { get; init; } = 0.3;

    /// <summary>The rate starts at the base rate divided by this.</summary>
    /// <value>The default is 25; greater than 0.</value>
    public double StartDivisor { get; init; } = 25;

    /// <summary>The rate ends at its start divided by this.</summary>
    /// <value>The default is 10,000; greater than 0.</value>
    public double EndDivisor { get; init; } = 1e4;

    private protected override double FactorAt(long step, long totalSteps)
    {
        double start = 1 / StartDivisor;
        double peak = RisingPart * totalSteps - 1;
        double last = totalSteps - 1;
        if (step < peak)
            return Anneal(start, 1, step / peak);
        // The peak lies in the last step at the latest; when it is there, nothing falls.
        return peak >= last ? 1 : Anneal(1, start / EndDivisor, Math.Min((step - peak) / (last - peak), 1));
    }

    private protected override void AddFaults(List<OptionFault> faults)
    {
        faults.MustBeIn(nameof(RisingPart), RisingPart, 0, 1);
        faults.MustBePositive(nameof(StartDivisor), StartDivisor);
        faults.MustBePositive(nameof(EndDivisor), EndDivisor);
    }

    private static double Anneal(double from, double to, double progress) =>
        to + (from - to) / 2 * (1 + Math.Cos(Math.PI * progress));
}
