using System.Globalization;
using System.Text.RegularExpressions;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>Reads sums of losses that are written as <c>0.5*cross_entropy(label_smoothing=0.1)+dice</c>.</summary>
internal static partial class LossFormula
{
    private const string Example = "expected terms such as 0.5*cross_entropy+0.5*dice";

    // By the names that a formula writes; each with its defaults.
    private static readonly Dictionary<string, LossTerm> s_terms =
        new LossTerm[] { new CrossEntropyTerm(), new DiceTerm(), new FocalTerm(), new LovaszTerm(), new OhemTerm() }.ToDictionary(term => term.Name);

    /// <exception cref="FormatException">It is not a formula.</exception>
    public static IReadOnlyList<LossTerm> Read(string formula)
    {
        var terms = new List<LossTerm>();
        for (var at = 0; at < formula.Length || terms.Count == 0;)
        {
            var match = Term().Match(formula, at);
            if (!match.Success)
                throw new FormatException($"'{formula[at..]}' is not a sum of losses; {Example}");
            terms.Add(ReadTerm(match));
            at = match.Index + match.Length;
            if (match.Groups["plus"].Length > 0 && at == formula.Length)
                throw new FormatException($"'{formula}' ends with '+'; {Example}");
        }
        return terms;
    }

    private static LossTerm ReadTerm(Match match)
    {
        var name = Plain(match.Groups["name"].Value);
        if (!s_terms.TryGetValue(name, out var term))
            throw new FormatException($"there is no loss '{match.Groups["name"].Value}'; expected one of {string.Join(", ", s_terms.Keys)}");
        if (match.Groups["factor"] is { Success: true } factor)
            term = term with { Weight = double.Parse(factor.Value, NumberStyles.Float, CultureInfo.InvariantCulture) };
        var seen = new HashSet<string>();
        foreach (var setting in match.Groups["settings"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = setting.Split('=', 2, StringSplitOptions.TrimEntries);
            var key = Plain(parts[0]);
            if (parts.Length == 1)
                throw new FormatException($"'{setting}' of {name} is not a setting; expected name=value");
            if (!seen.Add(key))
                throw new FormatException($"{key} of {name} is there twice");
            term = term.With(key, parts[1])
                ?? throw new FormatException($"{name} has no setting '{parts[0]}'; {(term.SettingNames.Count == 0 ? "it has none" : $"expected one of {string.Join(", ", term.SettingNames)}")}");
        }
        return term;
    }

    private static string Plain(string name) => name.Replace('-', '_').ToLowerInvariant();

    [GeneratedRegex(
        @"\G\s*(?:(?<factor>\d*\.?\d+(?:[eE][+-]?\d+)?)\s*\*\s*)?(?<name>[A-Za-z][A-Za-z_-]*)\s*(?:\((?<settings>[^()]*)\)\s*)?(?:(?<plus>\+)\s*|$)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Term();
}
