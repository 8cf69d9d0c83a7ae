namespace SamSegmentation.ML.Training.Schedules;

/// <summary>Multiplies the rate by <see cref="Gamma"/> in every step (PyTorch's <c>ExponentialLR</c>).</summary>
public sealed record ExponentialSchedule : WarmedUpSchedule
{
    /// <summary>The decay of one step.</summary>
    /// <value>In 0..1, for example 0.999.</value>
    public required double Gamma { get; init; }

    private protected override double DecayAt(long step, long totalSteps) => Math.Pow(Gamma, step);

    private protected override void AddFaults(List<OptionFault> faults)
    {
        base.AddFaults(faults);
        faults.MustBeIn(nameof(Gamma), Gamma, 0, 1);
    }
}
