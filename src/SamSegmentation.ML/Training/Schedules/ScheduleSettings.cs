using System.Globalization;
using System.Text.Json;

namespace SamSegmentation.ML.Training.Schedules;

/// <summary>Reads a schedule's settings from text and remembers every fault and every key that belongs to it.</summary>
internal sealed class ScheduleSettings(IReadOnlyDictionary<string, string> settings)
{
    private readonly List<OptionFault> _faults = [];
    private readonly HashSet<string> _known = [];

    internal double Number(string property, double? fallback = null)
    {
        if (Find(property, fallback is null) is not { } text)
            return fallback ?? 1;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
            return value;
        return Fault(property, $"is '{text}'; it must be a number.", 1);
    }

    internal long Integer(string property, long? fallback = null)
    {
        if (Find(property, fallback is null) is not { } text)
            return fallback ?? 1;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
            return value;
        return Fault(property, $"is '{text}'; it must be an integer.", 1L);
    }

    internal long? IntegerOrNone(string property) =>
        Find(property, required: false) is null ? null : Integer(property);

    internal IReadOnlyList<long> Integers(string property)
    {
        if (Find(property, required: true) is not { } text)
            return [];
        var values = new List<long>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
                return Fault(property, $"are '{text}'; they must be integers separated by commas.", Array.Empty<long>());
            values.Add(value);
        }
        return values.AsReadOnly();
    }

    internal void ThrowIfFaulty(string name, LearningRateSchedule schedule)
    {
        foreach (string key in settings.Keys)
        {
            if (!_known.Contains(key))
                _faults.Add(new OptionFault(key, $"is not a setting of the {name} schedule, which has {string.Join(", ", _known.Order(StringComparer.Ordinal))}."));
        }
        // A value that could not be read stands as one that is in range, so that nothing is reported twice.
        _faults.AddRange(schedule.FindFaults().Select(fault => fault with { Option = Key(fault.Option) }));
        if (_faults.Count > 0)
            throw new InvalidTrainingOptionsException(_faults);
    }

    private static string Key(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property);

    private string? Find(string property, bool required)
    {
        string key = Key(property);
        _known.Add(key);
        if (settings.TryGetValue(key, out string? text))
            return text;
        if (required)
            _faults.Add(new OptionFault(key, "is missing; this schedule needs it."));
        return null;
    }

    private T Fault<T>(string property, string reason, T instead)
    {
        _faults.Add(new OptionFault(Key(property), reason));
        return instead;
    }
}
