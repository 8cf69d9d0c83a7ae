namespace SamSegmentation.ML.Training.Schedules;

/// <summary>Makes schedules from what a configuration file or a command line says.</summary>
public static class ScheduleFactory
{
    internal const string Constant = "constant";
    internal const string Step = "step";
    internal const string MultiStep = "multi_step";
    internal const string Exponential = "exponential";
    internal const string Linear = "linear";
    internal const string Polynomial = "poly";
    internal const string Cosine = "cosine";
    internal const string OneCycle = "one_cycle";

    /// <summary>The names of all schedules.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [Constant, Step, MultiStep, Exponential, Linear, Polynomial, Cosine, OneCycle];

    /// <summary>Makes a schedule by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="settings">
    /// The schedule's properties in snake case (<c>warmup_steps</c>, <c>floor</c>, …) and their values as invariant
    /// text; <c>milestones</c> are integers separated by commas. What is not given has its default.
    /// </param>
    /// <exception cref="InvalidTrainingOptionsException">
    /// The name is not known, a setting is missing, not the schedule's or has a bad value; all faults are listed, each
    /// under the key that was given.
    /// </exception>
    public static LearningRateSchedule Create(string name, IReadOnlyDictionary<string, string>? settings = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var reader = new ScheduleSettings(settings ?? new Dictionary<string, string>());
        LearningRateSchedule schedule = name switch
        {
            Constant => new ConstantSchedule
            {
                InitialSteps = reader.Integer(nameof(ConstantSchedule.InitialSteps), 0),
                InitialFactor = reader.Number(nameof(ConstantSchedule.InitialFactor), 1),
            },
            Step => new StepSchedule
            {
                StepSize = reader.Integer(nameof(StepSchedule.StepSize)),
                Gamma = reader.Number(nameof(StepSchedule.Gamma), 0.1),
            },
            MultiStep => new MultiStepSchedule
            {
                Milestones = reader.Integers(nameof(MultiStepSchedule.Milestones)),
                Gamma = reader.Number(nameof(MultiStepSchedule.Gamma), 0.1),
            },
            Exponential => new ExponentialSchedule { Gamma = reader.Number(nameof(ExponentialSchedule.Gamma)) },
            Linear => new LinearSchedule
            {
                StartFactor = reader.Number(nameof(LinearSchedule.StartFactor), 1),
                EndFactor = reader.Number(nameof(LinearSchedule.EndFactor), 0),
                Steps = reader.IntegerOrNone(nameof(LinearSchedule.Steps)),
            },
            Polynomial => new PolynomialSchedule { Power = reader.Number(nameof(PolynomialSchedule.Power), 0.9) },
            Cosine => new CosineSchedule { Floor = reader.Number(nameof(CosineSchedule.Floor), 0) },
            OneCycle => new OneCycleSchedule
            {
                RisingPart = reader.Number(nameof(OneCycleSchedule.RisingPart), 0.3),
                StartDivisor = reader.Number(nameof(OneCycleSchedule.StartDivisor), 25),
                EndDivisor = reader.Number(nameof(OneCycleSchedule.EndDivisor), 1e4),
            },
            _ => throw new InvalidTrainingOptionsException(
                [new OptionFault("schedule", $"'{name}' is not known; expected {string.Join(", ", Names)}.")]),
        };
        if (schedule is WarmedUpSchedule warmedUp)
        {
            schedule = warmedUp with
            {
                WarmupSteps = reader.Integer(nameof(WarmedUpSchedule.WarmupSteps), 0),
                WarmupFactor = reader.Number(nameof(WarmedUpSchedule.WarmupFactor), 0.001),
            };
        }
        reader.ThrowIfFaulty(name, schedule);
        return schedule;
    }
}
