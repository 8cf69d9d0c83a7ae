namespace SamSegmentation.Bench.Measuring;

/// <summary>What a work took.</summary>
/// <param name="Wall">Seconds by the clock.</param>
/// <param name="Processor">Seconds of processors, over all threads of the process.</param>
internal readonly record struct Timing(double Wall, double Processor)
{
    public static Timing operator *(Timing timing, double factor) => new(timing.Wall * factor, timing.Processor * factor);

    public static Timing operator /(Timing timing, double factor) => timing * (1 / factor);

    public static Timing operator +(Timing left, Timing right) => new(left.Wall + right.Wall, left.Processor + right.Processor);

    public static Timing operator -(Timing left, Timing right) => new(left.Wall - right.Wall, left.Processor - right.Processor);

    /// <summary>The medians of several timings of the same work.</summary>
    public static Timing MedianOf(IReadOnlyList<Timing> timings) =>
        new(Median(timings.Select(timing => timing.Wall)), Median(timings.Select(timing => timing.Processor)));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
