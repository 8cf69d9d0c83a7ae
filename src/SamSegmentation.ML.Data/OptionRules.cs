using static System.FormattableString;

namespace SamSegmentation.ML;

/// <summary>What values of many options must be; the words are the same everywhere.</summary>
internal static class OptionRules
{
    /// <summary>Adds a fault.</summary>
    public static void Add(this List<OptionFault> faults, string option, string reason) => faults.Add(new OptionFault(option, reason));

    /// <summary>Adds the faults of options that a property holds.</summary>
    public static void AddWithin(this List<OptionFault> faults, string owner, IEnumerable<OptionFault> inner) =>
        faults.AddRange(inner.Select(fault => fault.Within(owner)));

    /// <summary>A number of an enumeration must be one of its values.</summary>
    public static void MustBeDefined<T>(this List<OptionFault> faults, string option, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
            faults.Add(option, $"is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    public static void MustBeAtLeast(this List<OptionFault> faults, string option, long value, long least)
    {
        if (value < least)
            faults.Add(option, $"is {value}; it must be at least {least}.");
    }

    public static void MustBeIn(this List<OptionFault> faults, string option, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            faults.Add(option, Invariant($"is {value}; it must be in {least}..{most}."));
    }

    public static void MustBePositive(this List<OptionFault> faults, string option, double value)
    {
        if (!(value > 0 && double.IsFinite(value)))
            faults.Add(option, Invariant($"is {value}; it must be a number greater than 0."));
    }

    public static void MustNotBeNegative(this List<OptionFault> faults, string option, double value)
    {
        if (!(value >= 0 && double.IsFinite(value)))
            faults.Add(option, Invariant($"is {value}; it must be a number of at least 0."));
    }

    /// <summary>What shrinks something step by step, or is a part of a whole that it never reaches.</summary>
    public static void MustBeBelowOne(this List<OptionFault> faults, string option, double value)
    {
        if (!(value >= 0 && value < 1))
            faults.Add(option, Invariant($"is {value}; it must be at least 0 and less than 1."));
    }

    /// <summary>A path, or null.</summary>
    public static void MustNotBeBlank(this List<OptionFault> faults, string option, string? path)
    {
        if (path is not null && string.IsNullOrWhiteSpace(path))
            faults.Add(option, "is blank; it must be a path or be left out.");
    }
}
