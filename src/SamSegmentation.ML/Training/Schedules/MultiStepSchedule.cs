namespace SamSegmentation.ML.Training.Schedules;

/// <summary>
/// Multiplies the rate by <see cref="Gamma"/> at each of the <see cref="Milestones"/> (PyTorch's <c>MultiStepLR</c>);
/// with a warm-up it is the reference's warmup_multi_step: w(t)·γ^(milestones passed).
/// </summary>
public sealed record MultiStepSchedule : WarmedUpSchedule
{
    /// <summary>The first steps of the lower rates, ascending.</summary>
    public required IReadOnlyList<long> Milestones { get; init; }

    /// <summary>The decay.</summary>
    /// <value>The default is 0.1; in 0..1.</value>
    public double Gamma { get; init; } = 0.1;

    /// <summary>Whether the other schedule has the same settings; milestones are compared one by one.</summary>
    public bool Equals(MultiStepSchedule? other) =>
        base.Equals(other) && Gamma.Equals(other.Gamma) && Milestones.SequenceEqual(other.Milestones);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Gamma, Milestones.Count);

    private protected override double DecayAt(long step, long totalSteps)
    {
        int passed = 0;
        while (passed < Milestones.Count && Milestones[passed] <= step)
            passed++;
        return Math.Pow(Gamma, passed);
    }

    private protected override void AddFaults(List<OptionFault> faults)
    {
        base.AddFaults(faults);
        faults.MustBeIn(nameof(Gamma), Gamma, 0, 1);
        for (int i = 0; i < Milestones.Count; i++)
        {
            if (Milestones[i] < 1 || (i > 0 && Milestones[i] <= Milestones[i - 1]))
            {
                faults.Add(nameof(Milestones), $"are [{string.Join(", ", Milestones)}]; they must be at least 1 and ascend.");
                break;
            }
        }
    }
}
