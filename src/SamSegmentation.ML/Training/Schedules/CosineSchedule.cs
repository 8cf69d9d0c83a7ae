namespace SamSegmentation.ML.Training.Schedules;

/// <summary>
/// Half a cosine from the base rate down to <see cref="Floor"/> of it, over the run after the warm-up:
/// floor + (1 − floor)·(1 + cos(π·t/T))/2 (Loshchilov and Hutter, arXiv 1608.03983, without restarts; PyTorch's
/// <c>CosineAnnealingLR</c> with T_max = T).
/// </summary>
public sealed record CosineSchedule : WarmedUpSchedule
{
    /// <summary>The part of the base rate that is left at the end.</summary>
    /// <value>The default is 0; in 0..1.</value>
    public double Floor { get; init; }

    private protected override double DecayAt(long step, long totalSteps) =>
        Floor + (1 - Floor) * (1 + Math.Cos(Math.PI * ProgressAfterWarmup(step, totalSteps))) / 2;

    private protected override void AddFaults(List<OptionFault> faults)
    {
        base.AddFaults(faults);
        faults.MustBeIn(nameof(Floor), Floor, 0, 1);
    }
}
