using System.Globalization;

namespace SamSegmentation.Bench.Measuring;

/// <summary>What is aimed at.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="AtLeast">Whether the figure shall be no less; otherwise no more.</param>
/// <param name="OfValue">Whether the figure's value is meant; otherwise its ratio.</param>
internal sealed record Goal(double Limit, bool AtLeast, bool OfValue)
{
    internal static Goal RatioAtMost(double limit) => new(limit, AtLeast: false, OfValue: false);

    internal static Goal RatioAtLeast(double limit) => new(limit, AtLeast: true, OfValue: false);

    internal static Goal ValueAtMost(double limit) => new(limit, AtLeast: false, OfValue: true);

    internal static Goal ValueAtLeast(double limit) => new(limit, AtLeast: true, OfValue: true);

    /// <summary>Whether a figure reaches it.</summary>
    internal bool IsMet(Figure figure)
    {
        var found = OfValue ? figure.Value : figure.Ratio ?? double.NaN;
        return AtLeast ? found >= Limit : found <= Limit;
    }

    /// <summary>As a person reads it: <c>≤ 1.33</c>, with the unit if the value is meant.</summary>
    internal string Text(string unit) => $"{(AtLeast ? "≥" : "≤")} {Limit.ToString(CultureInfo.InvariantCulture)}{(OfValue && unit.Length > 0 ? $" {unit}" : "")}";
}
