namespace SamSegmentation.ML.Training.Schedules;

/// <summary>Multiplies the rate by <see cref="Gamma"/> every <see cref="StepSize"/> steps (PyTorch's <c>StepLR</c>).</summary>
public sealed record StepSchedule : WarmedUpSchedule
{
    /// <summary>The steps from one decay to the next.</summary>
    /// <value>At least 1.</value>
    public required long StepSize { get; init; }

    /// <summary>The decay.</summary>
    /// <value>The default is 0.1; in 0..1.</value>
    public double Gamma { get; init; } = 0.1;

    private protected override double DecayAt(long step, long totalSteps) => Math.Pow(Gamma, step / StepSize);

    private protected override void AddFaults(List<OptionFault> faults)
    {
        base.AddFaults(faults);
        faults.MustBeAtLeast(nameof(StepSize), StepSize, 1);
        faults.MustBeIn(nameof(Gamma), Gamma, 0, 1);
    }
}
