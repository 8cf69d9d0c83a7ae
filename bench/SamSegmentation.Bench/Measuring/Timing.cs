namespace SamSegmentation.Bench.Measuring;

/// <summary>
/// What a work took, round by round. Arithmetic goes round by round too: a ratio of works that took turns compares what
/// stood side by side, whatever the machine did in other rounds.
/// </summary>
internal sealed class Timing
{
    private readonly double[] _wall;
    private readonly double[] _processor;

    private Timing(double[] wall, double[] processor) => (_wall, _processor) = (wall, processor);

    /// <summary>Of a single round.</summary>
    /// <param name="wall">Seconds by the clock.</param>
    /// <param name="processor">Seconds of processors, over all threads of the process.</param>
    internal Timing(double wall, double processor)
        : this([wall], [processor])
    {
    }

    /// <summary>Seconds by the clock: the rounds' median.</summary>
    internal double Wall => Median(_wall);

    /// <summary>Seconds of processors, over all threads of the process: the rounds' median.</summary>
    internal double Processor => Median(_processor);

    /// <summary>The least and the most of the rounds' seconds by the clock.</summary>
    internal (double Least, double Most) Range => (_wall.Min(), _wall.Max());

    public static Timing operator *(Timing timing, double factor) => timing.Map(seconds => seconds * factor);

    public static Timing operator /(Timing timing, double divisor) => timing.Map(seconds => seconds / divisor);

    public static Timing operator +(Timing left, Timing right) => left.With(right, (a, b) => a + b);

    public static Timing operator -(Timing left, Timing right) => left.With(right, (a, b) => a - b);

    /// <summary>The ratio in each round; as seconds by either count have no unit then, <see cref="Wall"/> is the clock's ratio.</summary>
    public static Timing operator /(Timing left, Timing right) => left.With(right, (a, b) => a / b);

    /// <summary>Several timings of the same work as the rounds of one.</summary>
    internal static Timing Of(IReadOnlyCollection<Timing> rounds) =>
        new([.. rounds.SelectMany(round => round._wall)], [.. rounds.SelectMany(round => round._processor)]);

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private Timing Map(Func<double, double> change) => new(Array.ConvertAll(_wall, x => change(x)), Array.ConvertAll(_processor, x => change(x)));

    // What took no turns with the other has rounds of its own: its median stands for each of them.
    private Timing With(Timing other, Func<double, double, double> join) => _wall.Length == other._wall.Length
        ? new([.. _wall.Zip(other._wall, join)], [.. _processor.Zip(other._processor, join)])
        : new([join(Wall, other.Wall)], [join(Processor, other.Processor)]);
}
