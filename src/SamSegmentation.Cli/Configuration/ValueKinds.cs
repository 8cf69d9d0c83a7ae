using System.Globalization;
using System.Numerics;

namespace SamSegmentation.Cli.Configuration;

/// <summary>The kinds of values that settings have.</summary>
internal static class ValueKinds
{
    private delegate bool Parser<T>(string text, out T value);

    /// <summary>Any text; a path is one.</summary>
    /// <param name="placeholder">What help writes for it.</param>
    public static ValueKind<string> Text(string placeholder) => new(
        "a text",
        placeholder,
        CommandLineForm.Single,
        (ConfigNode node, string key, List<ConfigProblem> problems, out string value) =>
        {
            value = node is ConfigNode.Scalar { IsNull: false } scalar ? scalar.Text.Trim() : "";
            return value.Length > 0 || Refuse(node, key, problems, "a text");
        },
        text => text);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static ValueKind<bool> Flag { get; } =
        Scalar<bool>("true or false", "true|false", CommandLineForm.Flag, bool.TryParse, value => value ? "true" : "false");

    /// <summary>A whole number.</summary>
    /// <param name="min">The smallest that is allowed.</param>
    /// <param name="max">The largest that is allowed.</param>
    public static ValueKind<int> Integer(int min = int.MinValue, int max = int.MaxValue) => Whole(min, max);

    /// <summary>A whole number of 64 bits.</summary>
    /// <inheritdoc cref="Integer"/>
    public static ValueKind<long> Long(long min = long.MinValue, long max = long.MaxValue) => Whole(min, max);

    /// <summary>A finite number.</summary>
    /// <param name="min">The smallest that is allowed.</param>
    /// <param name="max">The largest that is allowed.</param>
    /// <param name="above">Whether the smallest itself is not allowed.</param>
    /// <param name="below">Whether the largest itself is not allowed.</param>
    public static ValueKind<double> Number(
        double min = double.NegativeInfinity, double max = double.PositiveInfinity, bool above = false, bool below = false)
    {
        var expected = "a number" + (above, below) switch
        {
            (true, _) => $" above {min.ToString(CultureInfo.InvariantCulture)}"
                + (double.IsFinite(max) ? $" and {(below ? "below" : "at most")} {max.ToString(CultureInfo.InvariantCulture)}" : ""),
            (_, true) => $" of at least {min.ToString(CultureInfo.InvariantCulture)} and below {max.ToString(CultureInfo.InvariantCulture)}",
            _ => Range(min, !double.IsFinite(min), max, !double.IsFinite(max)),
        };
        return Scalar(
            expected,
            "X",
            CommandLineForm.Single,
            (string text, out double value) =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
                && double.IsFinite(value) && (above ? value > min : value >= min) && (below ? value < max : value <= max),
            value => value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>One of a few names.</summary>
    /// <param name="choices">The names that the user writes, with what they mean.</param>
    public static ValueKind<T> Choice<T>(params (string Name, T Value)[] choices)
    {
        var names = choices.Select(choice => choice.Name).ToList();
        var expected = "one of " + string.Join(", ", names);
        return new ValueKind<T>(
            expected,
            string.Join('|', names),
            CommandLineForm.Single,
            (ConfigNode node, string key, List<ConfigProblem> problems, out T value) =>
            {
                var text = (node as ConfigNode.Scalar)?.Text ?? "";
                var index = names.FindIndex(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));
                value = index < 0 ? default! : choices[index].Value;
                return index >= 0 || Refuse(node, key, problems, expected + Spelling.DidYouMean(text, names));
            },
            value => Array.Find(choices, choice => Equals(choice.Value, value)).Name);
    }

    /// <summary>A value that may be missing: <c>none</c>, or null in a file.</summary>
    /// <param name="kind">What it is when it is there.</param>
    public static ValueKind<T?> Optional<T>(ValueKind<T> kind) where T : struct => new(
        kind.Expected + ", or none",
        kind.Placeholder,
        kind.Form,
        (ConfigNode node, string key, List<ConfigProblem> problems, out T? value) =>
        {
            value = null;
            if (IsNone(node))
                return true;
            var read = kind.Read(node, key, problems, out var present);
            value = present;
            return read;
        },
        value => value is { } present ? kind.Show(present) : "none");

    /// <summary>A text that may be missing: <c>none</c>, or null in a file.</summary>
    /// <param name="placeholder">What help writes for it.</param>
    public static ValueKind<string?> OptionalText(string placeholder)
    {
        var kind = Text(placeholder);
        return new(
            "a text, or none",
            placeholder,
            CommandLineForm.Single,
            (ConfigNode node, string key, List<ConfigProblem> problems, out string? value) =>
            {
                value = null;
                return IsNone(node) || kind.Read(node, key, problems, out value);
            },
            value => value ?? "none");
    }

    /// <summary>A list that may be missing: <c>none</c>, or null in a file.</summary>
    /// <param name="kind">What an item is.</param>
    public static ValueKind<IReadOnlyList<T>?> OptionalListOf<T>(ValueKind<T> kind)
    {
        var list = ListOf(kind);
        return new(
            list.Expected + ", or none",
            list.Placeholder,
            list.Form,
            (ConfigNode node, string key, List<ConfigProblem> problems, out IReadOnlyList<T>? value) =>
            {
                value = null;
                return IsNone(node) || list.Read(node, key, problems, out value);
            },
            value => value is null ? "none" : list.Show(value));
    }

    /// <summary>A list, each item of one kind. A single value is a list of one; <c>none</c> is an empty one.</summary>
    /// <param name="kind">What an item is.</param>
    public static ValueKind<IReadOnlyList<T>> ListOf<T>(ValueKind<T> kind) => new(
        "a list, each item " + kind.Expected,
        kind.Placeholder + ",…",
        CommandLineForm.List,
        (ConfigNode node, string key, List<ConfigProblem> problems, out IReadOnlyList<T> value) =>
        {
            var items = new List<T>();
            value = items;
            if (node is not ConfigNode.Sequence list)
                list = new ConfigNode.Sequence(IsNone(node) ? [] : [node], node.Place);
            var before = problems.Count;
            for (var index = 0; index < list.Items.Count; index++)
            {
                if (kind.Read(list.Items[index], $"{key}[{index}]", problems, out var item))
                    items.Add(item);
            }
            return problems.Count == before;
        },
        value => value.Count == 0 ? "none" : string.Join(',', value.Select(kind.Show)));

    private static ValueKind<T> Whole<T>(T min, T max)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => Scalar(
        "an integer" + Range(min, min == T.MinValue, max, max == T.MaxValue),
        "N",
        CommandLineForm.Single,
        (string text, out T value) =>
            T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max,
        value => value.ToString(null, CultureInfo.InvariantCulture));

    private static ValueKind<T> Scalar<T>(
        string expected, string placeholder, CommandLineForm form, Parser<T> parse, Func<T, string> show) => new(
        expected,
        placeholder,
        form,
        (ConfigNode node, string key, List<ConfigProblem> problems, out T value) =>
        {
            value = default!;
            return (node is ConfigNode.Scalar { IsQuoted: false } scalar && parse(scalar.Text, out value))
                || Refuse(node, key, problems, expected);
        },
        show);

    private static bool Refuse(ConfigNode node, string key, List<ConfigProblem> problems, string expected)
    {
        problems.Add(new ConfigProblem(node.Place, key, $"expected {expected}, found {node.Found}"));
        return false;
    }

    private static bool IsNone(ConfigNode node) => node is ConfigNode.Scalar scalar && (scalar.IsNull || scalar is { IsQuoted: false, Text: "none" });

    private static string Range<T>(T min, bool noMin, T max, bool noMax) where T : IFormattable => (noMin, noMax) switch
    {
        (true, true) => "",
        (false, true) => $" of at least {min.ToString(null, CultureInfo.InvariantCulture)}",
        (true, false) => $" of at most {max.ToString(null, CultureInfo.InvariantCulture)}",
        _ => $" in {min.ToString(null, CultureInfo.InvariantCulture)}..{max.ToString(null, CultureInfo.InvariantCulture)}",
    };
}
