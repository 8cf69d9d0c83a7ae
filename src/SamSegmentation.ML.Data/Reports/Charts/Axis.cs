namespace SamSegmentation.ML.Reports.Charts;

/// <summary>An axis whose marks are round numbers.</summary>
internal sealed class Axis
{
    /// <summary>Makes an axis that covers a range.</summary>
    /// <param name="low">The least value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="marks">About how many marks it has.</param>
    /// <param name="isWhole">Whether marks are whole numbers.</param>
    public Axis(double low, double high, int marks, bool isWhole = false)
    {
        if (!(high > low))
            high = low == 0 ? 1 : low + Math.Abs(low) / 2;
        var step = RoundStep((high - low) / marks);
        if (isWhole)
            step = Math.Max(1, step);
        Low = Math.Floor(low / step) * step;
        var count = (int)Math.Ceiling((high - Low) / step - 1e-9);
        // Products, as sums of steps would gather rounding errors.
        Marks = [.. Enumerable.Range(0, count + 1).Select(i => Math.Round(Low / step + i) * step)];
        High = Marks[^1];
    }

    /// <summary>The value where it begins.</summary>
    public double Low { get; }

    /// <summary>The value where it ends.</summary>
    public double High { get; }

    /// <summary>The values of its marks.</summary>
    public IReadOnlyList<double> Marks { get; }

    /// <summary>How far a value is along it, 0 to 1.</summary>
    public double Part(double value) => (value - Low) / (High - Low);

    // 1, 2, 2.5 or 5 times a power of ten.
    private static double RoundStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return new[] { 1, 2, 2.5, 5, 10 }.First(factor => factor * power >= least * (1 - 1e-9)) * power;
    }
}
