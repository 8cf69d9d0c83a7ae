namespace SamSegmentation.ML.Training.Schedules;

/// <summary>
/// The base rate throughout; or, as PyTorch's <c>ConstantLR</c>, <see cref="InitialFactor"/> of it in the first
/// <see cref="InitialSteps"/> steps.
/// </summary>
public sealed record ConstantSchedule : WarmedUpSchedule
{
    /// <summary>The steps with the initial factor.</summary>
    /// <value>The default is 0; at least 0.</value>
    public long InitialSteps { get; init; }

    /// <summary>The factor of those steps.</summary>
    /// <value>The default is 1; in 0..1.</value>
    public double InitialFactor { get; init; } = 1;

    private protected override double DecayAt(long step, long totalSteps) => step < InitialSteps ? InitialFactor : 1;

    private protected override void AddFaults(List<OptionFault> faults)
    {
        base.AddFaults(faults);
        faults.MustBeAtLeast(nameof(InitialSteps), InitialSteps, 0);
        faults.MustBeIn(nameof(InitialFactor), InitialFactor, 0, 1);
    }
}
