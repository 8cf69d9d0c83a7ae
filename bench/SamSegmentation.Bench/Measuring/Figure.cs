namespace SamSegmentation.Bench.Measuring;

/// <summary>Something that was measured.</summary>
/// <param name="Name">What.</param>
/// <param name="Value">How much, on this machine at this moment.</param>
/// <param name="Unit">Of <paramref name="Value"/>.</param>
internal sealed record Figure(string Name, double Value, string Unit)
{
    /// <summary>The figure in terms of something else that the same process measured beside it, by the clock.</summary>
    public double? Ratio { get; init; }

    /// <summary>The same ratio in seconds of processors, which other programs disturb less.</summary>
    public double? ProcessorRatio { get; init; }

    /// <summary>What the ratio is to.</summary>
    public string? To { get; init; }

    /// <summary>What is aimed at, such as <c>≥ 25</c>, of the ratio unless it has a unit.</summary>
    public string? Goal { get; init; }

    /// <summary>How many times the work took what the reference took.</summary>
    internal Figure Over(Timing work, Timing reference, string to) =>
        this with { Ratio = work.Wall / reference.Wall, ProcessorRatio = work.Processor / reference.Processor, To = to };

    /// <summary>How many times faster than the reference the work was.</summary>
    internal Figure FasterThan(Timing work, Timing reference, string to) => Over(reference, work, to);
}
