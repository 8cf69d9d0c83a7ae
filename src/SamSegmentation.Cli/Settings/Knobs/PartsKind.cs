using System.Globalization;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Training;

namespace SamSegmentation.Cli.Settings.Knobs;

/// <summary>Sections named by parts of the network, each with a learning rate, a weight decay, or both.</summary>
internal static class PartsKind
{
    private const string Rate = "learning_rate";
    private const string Decay = "weight_decay";
    private const string Expected = "sections such as mask_decoder.transformer: { learning_rate: 0.001, weight_decay: 0 }";

    private static readonly ValueKind<double> s_number = ValueKinds.Number(0);

    /// <summary>The kind.</summary>
    public static ValueKind<IReadOnlyDictionary<string, PartOverride>> Parts { get; } = new(
        Expected,
        "NAME:learning_rate=X,weight_decay=X",
        CommandLineForm.Sections,
        Read,
        parts => parts.Count == 0 ? "none" : string.Join(' ', parts.Select(Show)));

    private static bool Read(
        ConfigNode node, string key, List<ConfigProblem> problems, out IReadOnlyDictionary<string, PartOverride> value)
    {
        var parts = new Dictionary<string, PartOverride>();
        value = parts;
        if (node is ConfigNode.Scalar { IsNull: true } or ConfigNode.Scalar { IsQuoted: false, Text: "none" })
            return true;
        var before = problems.Count;
        if (node is not ConfigNode.Mapping sections)
            problems.Add(new ConfigProblem(node.Place, key, $"expected {Expected}, found {node.Found}"));
        else
        {
            foreach (var (name, section) in sections.Entries)
            {
                if (!parts.TryAdd(name.Text, ReadPart(section, $"{key}.{name.Text}", problems)))
                    problems.Add(new ConfigProblem(name.Place, $"{key}.{name.Text}", "is there twice"));
            }
        }
        return problems.Count == before;
    }

    private static PartOverride ReadPart(ConfigNode node, string key, List<ConfigProblem> problems)
    {
        var part = new PartOverride();
        if (node is not ConfigNode.Mapping section)
        {
            problems.Add(new ConfigProblem(node.Place, key, $"expected {Rate} or {Decay} or both, found {node.Found}"));
            return part;
        }
        var seen = new HashSet<string>();
        foreach (var (name, value) in section.Entries)
        {
            var here = $"{key}.{name.Text}";
            if (name.Text is not (Rate or Decay))
                problems.Add(new ConfigProblem(name.Place, here, "unknown key" + Spelling.DidYouMean(name.Text, [Rate, Decay])));
            else if (!seen.Add(name.Text))
                problems.Add(new ConfigProblem(name.Place, here, "is there twice"));
            else if (s_number.Read(value, here, problems, out var number))
                part = name.Text == Rate ? part with { LearningRate = number } : part with { WeightDecay = number };
        }
        return part;
    }

    private static string Show(KeyValuePair<string, PartOverride> part)
    {
        var values = new[] { (Rate, part.Value.LearningRate), (Decay, part.Value.WeightDecay) };
        return $"{part.Key}:" + string.Join(',', values.Where(one => one.Item2 is not null).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Item1}={one.Item2}")));
    }
}
