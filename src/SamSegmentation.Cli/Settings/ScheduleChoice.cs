using System.Globalization;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;

namespace SamSegmentation.Cli.Settings;

/// <summary>A schedule by name with the settings that were given; null where the schedule's own default holds.</summary>
internal sealed record ScheduleChoice
{
    /// <summary>The schedule that has no warm-up of this kind.</summary>
    public const string OneCycle = "one_cycle";

    /// <summary>One of <see cref="ScheduleFactory.Names"/>.</summary>
    public string Name { get; init; } = "cosine";

    public long? WarmupSteps { get; init; }

    public double? WarmupFactor { get; init; }

    public double? Floor { get; init; }

    public double? Power { get; init; }

    public double? Gamma { get; init; }

    public long? StepSize { get; init; }

    public IReadOnlyList<long> Milestones { get; init; } = [];

    public double? StartFactor { get; init; }

    public double? EndFactor { get; init; }

    public long? Steps { get; init; }

    public long? InitialSteps { get; init; }

    public double? InitialFactor { get; init; }

    public double? RisingPart { get; init; }

    public double? StartDivisor { get; init; }

    public double? EndDivisor { get; init; }

    /// <summary>A protocol's schedule; the tests hold it against the library's.</summary>
    /// <param name="protocol">The protocol.</param>
    public static ScheduleChoice Of(Protocol protocol) =>
        new() { WarmupSteps = protocol == Protocol.Default ? 100 : null };

    /// <summary>Another schedule with the same warm-up, if it can have one.</summary>
    /// <param name="name">One of <see cref="ScheduleFactory.Names"/>.</param>
    public ScheduleChoice Named(string name) => this with { Name = name, WarmupSteps = name == OneCycle ? null : WarmupSteps };

    /// <summary>Makes the schedule.</summary>
    /// <exception cref="InvalidTrainingOptionsException">Settings are missing, or are not this schedule's; all are listed.</exception>
    public LearningRateSchedule Create() => ScheduleFactory.Create(Name, Given());

    private Dictionary<string, string> Given()
    {
        var given = new Dictionary<string, string>();
        Add("warmup_steps", WarmupSteps);
        Add("warmup_factor", WarmupFactor);
        Add("floor", Floor);
        Add("power", Power);
        Add("gamma", Gamma);
        Add("step_size", StepSize);
        if (Milestones.Count > 0)
            given.Add("milestones", string.Join(',', Milestones));
        Add("start_factor", StartFactor);
        Add("end_factor", EndFactor);
        Add("steps", Steps);
        Add("initial_steps", InitialSteps);
        Add("initial_factor", InitialFactor);
        Add("rising_part", RisingPart);
        Add("start_divisor", StartDivisor);
        Add("end_divisor", EndDivisor);
        return given;

        void Add<T>(string key, T? value) where T : struct, IFormattable
        {
            if (value is { } present)
                given.Add(key, present.ToString(null, CultureInfo.InvariantCulture));
        }
    }
}
