using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;

namespace SamSegmentation.Cli.Settings.Knobs;

/// <summary>The settings under <c>training.schedule</c>. Each but the name belongs to some schedules and is none for the others.</summary>
internal static class ScheduleKnobs
{
    /// <summary>The section's key.</summary>
    public const string Section = "training.schedule";

    /// <summary>The schedule.</summary>
    public static IEnumerable<Knob<SamSegSettings>> All { get; } =
    [
        Define(
            "name", $"The learning rate over the run's steps: {string.Join(", ", ScheduleFactory.Names)}.",
            ValueKinds.Choice([.. ScheduleFactory.Names.Select(name => (name, name))]) with { Placeholder = "NAME" }, choice => choice.Name, (choice, value) => choice.Named(value), "--schedule"),
        Steps("warmup_steps", "Steps of linear warm-up, of all schedules but one_cycle.", 0, choice => choice.WarmupSteps, (choice, value) => choice with { WarmupSteps = value }),
        Factor("warmup_factor", "What the warm-up starts from, as a part of the rate.", choice => choice.WarmupFactor, (choice, value) => choice with { WarmupFactor = value }),
        Factor("floor", "cosine: the part of the rate that is left at the end.", choice => choice.Floor, (choice, value) => choice with { Floor = value }),
        Positive("power", "poly: the exponent.", choice => choice.Power, (choice, value) => choice with { Power = value }),
        Factor("gamma", "step, multi_step, exponential: the factor of a decay.", choice => choice.Gamma, (choice, value) => choice with { Gamma = value }),
        Steps("step_size", "step: steps from one decay to the next.", 1, choice => choice.StepSize, (choice, value) => choice with { StepSize = value }),
        Define(
            "milestones", "multi_step: the steps of the decays, ascending.",
            ValueKinds.ListOf(ValueKinds.Long(1)), choice => choice.Milestones, (choice, value) => choice with { Milestones = value }),
        Factor("start_factor", "linear: the factor at the start.", choice => choice.StartFactor, (choice, value) => choice with { StartFactor = value }),
        Factor("end_factor", "linear: the factor at the end.", choice => choice.EndFactor, (choice, value) => choice with { EndFactor = value }),
        Steps("steps", "linear: steps from start to end; none is to the end of the run.", 1, choice => choice.Steps, (choice, value) => choice with { Steps = value }, "--linear-steps"),
        Steps("initial_steps", "constant: steps with another factor at the start.", 0, choice => choice.InitialSteps, (choice, value) => choice with { InitialSteps = value }),
        Factor("initial_factor", "constant: the factor of those.", choice => choice.InitialFactor, (choice, value) => choice with { InitialFactor = value }),
        Factor("rising_part", "one_cycle: the part of the run in which the rate rises.", choice => choice.RisingPart, (choice, value) => choice with { RisingPart = value }),
        Positive("start_divisor", "one_cycle: the rate starts at the base rate divided by this.", choice => choice.StartDivisor, (choice, value) => choice with { StartDivisor = value }),
        Positive("end_divisor", "one_cycle: the rate ends at its start divided by this.", choice => choice.EndDivisor, (choice, value) => choice with { EndDivisor = value }),
    ];

    private static Knob<SamSegSettings> Steps(
        string name, string help, long least, Func<ScheduleChoice, long?> get, Func<ScheduleChoice, long?, ScheduleChoice> set, string? option = null) =>
        Define(name, help, ValueKinds.Optional(ValueKinds.Long(least)), get, set, option);

    private static Knob<SamSegSettings> Factor(
        string name, string help, Func<ScheduleChoice, double?> get, Func<ScheduleChoice, double?, ScheduleChoice> set) =>
        Define(name, help, ValueKinds.Optional(ValueKinds.Number(0, 1)), get, set);

    private static Knob<SamSegSettings> Positive(
        string name, string help, Func<ScheduleChoice, double?> get, Func<ScheduleChoice, double?, ScheduleChoice> set) =>
        Define(name, help, ValueKinds.Optional(ValueKinds.Number(0, above: true)), get, set);

    private static Knob<SamSegSettings> Define<T>(
        string name, string help, ValueKind<T> kind, Func<ScheduleChoice, T> get, Func<ScheduleChoice, T, ScheduleChoice> set, string? option = null) =>
        Knob<SamSegSettings>.Define(
            $"{Section}.{name}",
            help,
            kind,
            settings => get(settings.Schedule),
            (settings, value) => settings with { Schedule = set(settings.Schedule, value) },
            option,
            property: nameof(TrainingOptions.Schedule));
}
