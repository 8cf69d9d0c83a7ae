namespace SamSegmentation.ML.Training.Schedules;

/// <summary>
/// Goes from <see cref="StartFactor"/> to <see cref="EndFactor"/> on a straight line and stays there (PyTorch's
/// <c>LinearLR</c>).
/// </summary>
public sealed record LinearSchedule : WarmedUpSchedule
{
    /// <summary>The factor at the line's start.</summary>
    /// <value>The default is 1; in 0..1.</value>
    public double StartFactor { get; init; } = 1;

    /// <summary>The factor at the line's end.</summary>
    /// <value>The default is 0; in 0..1.</value>
    public double EndFactor { get; init; }

    /// <summary>The line's length in steps after the warm-up.</summary>
    /// <value>The default is null: to the end of the run. At least 1.</value>
    public long? Steps { get; init; }

    private protected override double DecayAt(long step, long totalSteps)
    {
        double progress = Steps is { } steps
            ? Math.Clamp((double)(step - WarmupSteps) / steps, 0, 1)
            : ProgressAfterWarmup(step, totalSteps);
        return StartFactor + (EndFactor - StartFactor) * progress;
    }

    private protected override void AddFaults(List<OptionFault> faults)
    {
        base.AddFaults(faults);
        faults.MustBeIn(nameof(StartFactor), StartFactor, 0, 1);
        faults.MustBeIn(nameof(EndFactor), EndFactor, 0, 1);
        if (Steps is { } steps)
            faults.MustBeAtLeast(nameof(Steps), steps, 1);
    }
}
