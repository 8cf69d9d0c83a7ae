using System.Text.Json.Serialization;

namespace SamSegmentation.ML.Training.Schedules;

/// <summary>
/// The learning rate as a pure function of the step: nothing is counted inside, so that a resumed run needs no more
/// than its step to go on with the right rate.
/// </summary>
/// <remarks>
/// A step is what the caller counts from 0, in training an optimiser step; step t's rate is used for the (t+1)-th
/// update. The rates equal those of PyTorch's scheduler of the same name after t calls of <c>step()</c>. As JSON, a
/// schedule carries its name (<see cref="ScheduleFactory"/>) as <c>"name"</c>.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(ConstantSchedule), ScheduleFactory.Constant)]
[JsonDerivedType(typeof(StepSchedule), ScheduleFactory.Step)]
[JsonDerivedType(typeof(MultiStepSchedule), ScheduleFactory.MultiStep)]
[JsonDerivedType(typeof(ExponentialSchedule), ScheduleFactory.Exponential)]
[JsonDerivedType(typeof(LinearSchedule), ScheduleFactory.Linear)]
[JsonDerivedType(typeof(PolynomialSchedule), ScheduleFactory.Polynomial)]
[JsonDerivedType(typeof(CosineSchedule), ScheduleFactory.Cosine)]
[JsonDerivedType(typeof(OneCycleSchedule), ScheduleFactory.OneCycle)]
public abstract record LearningRateSchedule
{
    // The schedules are a closed set: the factory and the JSON form know every one.
    private protected LearningRateSchedule()
    {
    }

    /// <summary>The learning rate of a step: <paramref name="baseRate"/> times <see cref="Factor"/>.</summary>
    /// <param name="step">0 for the first update; a step after the last has the rate that the schedule ends at.</param>
    /// <param name="totalSteps">The run's length, at least 1.</param>
    /// <param name="baseRate">The rate that the schedule scales.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> or <paramref name="totalSteps"/> is out of range.</exception>
    public double Rate(long step, long totalSteps, double baseRate) => baseRate * Factor(step, totalSteps);

    /// <summary>What the base rate is multiplied with at a step.</summary>
    /// <inheritdoc cref="Rate"/>
    public double Factor(long step, long totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        return FactorAt(Math.Min(step, totalSteps), totalSteps);
    }

    /// <summary>Lists every setting that cannot be used.</summary>
    /// <returns>Empty when the schedule is sound; each fault names the property.</returns>
    public IReadOnlyList<OptionFault> FindFaults()
    {
        var faults = new List<OptionFault>();
        AddFaults(faults);
        return faults;
    }

    // step is in 0..totalSteps.
    private protected abstract double FactorAt(long step, long totalSteps);

    private protected abstract void AddFaults(List<OptionFault> faults);
}
