namespace SamSegmentation.Bench.Measuring;

/// <summary>Something that was measured.</summary>
/// <param name="Name">What.</param>
/// <param name="Value">How much, on this machine at this moment.</param>
/// <param name="Unit">Of <paramref name="Value"/>.</param>
internal sealed record Figure(string Name, double Value, string Unit)
{
    /// <summary>The figure in terms of something else that the same process measured beside it, by the clock: the rounds' median.</summary>
    public double? Ratio { get; init; }

    /// <summary>The least ratio of a round, where there was more than one.</summary>
    public double? Least { get; init; }

    /// <summary>The largest ratio of a round, where there was more than one.</summary>
    public double? Most { get; init; }

    /// <summary>The ratio in seconds of processors, which other programs disturb less.</summary>
    public double? ProcessorRatio { get; init; }

    /// <summary>What the ratio is to.</summary>
    public string? To { get; init; }

    /// <summary>What is aimed at.</summary>
    public Goal? Goal { get; init; }

    /// <summary>Whether the goal is reached; null without one.</summary>
    public bool? Reached => Goal?.IsMet(this);

    /// <summary>How many times the work took what the reference took.</summary>
    internal Figure Over(Timing work, Timing reference, string to)
    {
        var ratio = work / reference;
        var (least, most) = ratio.Range;
        var spread = least < most;
        return this with { Ratio = ratio.Wall, Least = spread ? least : null, Most = spread ? most : null, ProcessorRatio = ratio.Processor, To = to };
    }

    /// <summary>How many times faster than the reference the work was.</summary>
    internal Figure FasterThan(Timing work, Timing reference, string to) => Over(reference, work, to);
}
