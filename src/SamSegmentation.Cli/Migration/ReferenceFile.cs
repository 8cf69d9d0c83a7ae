using SamSegmentation.Cli.Configuration;

namespace SamSegmentation.Cli.Migration;

/// <summary>
/// Reads the file of settings that SAM_for_Semantic_Segmentation and finetune-anything take
/// (<c>config/semantic_seg.yaml</c>), and says what each of its keys became.
/// </summary>
internal sealed class ReferenceFile
{
    private readonly Dictionary<string, ReferenceLeaf> _leaves = [];
    private readonly List<ConfigProblem> _problems;
    private readonly Dictionary<string, ConfigNode> _settings = [];
    private readonly Dictionary<string, string> _notes = [];

    private ReferenceFile(ConfigNode.Mapping file, List<ConfigProblem> problems)
    {
        _problems = problems;
        foreach (var leaf in ReferenceLeaf.Of(file))
        {
            if (!_leaves.TryAdd(leaf.Key, leaf))
                problems.Add(new ConfigProblem(leaf.Node.Place, leaf.Key, $"is there twice; the first is at {_leaves[leaf.Key].Node.Place}"));
        }
    }

    /// <summary>Whether a file is the reference's: it has a section <c>train</c>, which this program's files have not.</summary>
    /// <param name="file">The top level.</param>
    public static bool Is(ConfigNode.Mapping file) => file.Entries.Any(entry => entry.Key.Text == "train" && entry.Value is ConfigNode.Mapping);

    /// <summary>Translates a file.</summary>
    /// <param name="file">The top level.</param>
    /// <param name="problems">Takes every value that has no counterpart and cannot be left out.</param>
    public static TranslatedFile Translate(ConfigNode.Mapping file, List<ConfigProblem> problems)
    {
        var reference = new ReferenceFile(file, problems);
        new ReferenceModel(reference).Translate();
        new ReferenceDataset(reference).Translate();
        new ReferenceTraining(reference).Translate();
        return reference.Result();
    }

    /// <summary>A value; null when it is not there or stands for nothing.</summary>
    /// <param name="key">Its path.</param>
    public ReferenceLeaf? Find(string key) => _leaves.TryGetValue(key, out var leaf) && !leaf.IsNull ? leaf : null;

    /// <summary>Hands a value on as it is.</summary>
    /// <param name="key">Its path in the reference's file.</param>
    /// <param name="setting">The key of this program's setting.</param>
    public void Move(string key, string setting)
    {
        if (Find(key) is { } leaf)
            Set(leaf, setting, leaf.Node);
    }

    /// <summary>Sets a setting in place of a value.</summary>
    /// <param name="leaf">The value.</param>
    /// <param name="setting">The key of this program's setting.</param>
    /// <param name="value">What it is set to.</param>
    /// <param name="why">What the note adds; null for nothing.</param>
    public void Set(ReferenceLeaf leaf, string setting, string value, string? why = null) =>
        Set(leaf, setting, new ConfigNode.Scalar(value, false, leaf.Node.Place), why);

    /// <inheritdoc cref="Set(ReferenceLeaf, string, string, string)"/>
    public void Set(ReferenceLeaf leaf, string setting, ConfigNode value, string? why = null)
    {
        _settings[setting] = value;
        Note(leaf, $"is {setting}: {new ReferenceLeaf(setting, value).Text}{(why is null ? "" : $", {why}")}");
    }

    /// <summary>Says what became of a value that sets nothing by itself.</summary>
    /// <param name="leaf">The value.</param>
    /// <param name="text">The rest of the sentence that begins with the key and its value.</param>
    public void Note(ReferenceLeaf leaf, string text) => _notes[leaf.Key] = $"{leaf.Node.Place}: {leaf.Key}: {leaf.Text} {text}";

    /// <summary>Says that values set nothing here, and why.</summary>
    /// <param name="why">The reason.</param>
    /// <param name="keys">Their paths.</param>
    public void LeaveOut(string why, params string[] keys)
    {
        foreach (var leaf in keys.Select(key => _leaves.GetValueOrDefault(key)).OfType<ReferenceLeaf>())
            Note(leaf, $"is left out: {why}");
    }

    /// <summary>Reports a value that has no counterpart.</summary>
    /// <param name="leaf">The value.</param>
    /// <param name="expected">What it may be.</param>
    public void Refuse(ReferenceLeaf leaf, string expected) => _problems.Add(new ConfigProblem(leaf.Node.Place, leaf.Key, $"expected {expected}, found '{leaf.Text}'"));

    private TranslatedFile Result() => new(
        Section(_settings.Select(pair => (pair.Key.Split('.'), pair.Value)), depth: 0),
        [.. _leaves.Values.Select(leaf => _notes.GetValueOrDefault(leaf.Key, $"{leaf.Node.Place}: {leaf.Key}: {leaf.Text} is left out: nothing here corresponds to it"))]);

    private static ConfigNode.Mapping Section(IEnumerable<(string[] Key, ConfigNode Value)> settings, int depth)
    {
        var entries = settings.GroupBy(setting => setting.Key[depth]).Select(group =>
        {
            var first = group.First();
            var value = first.Key.Length == depth + 1 ? first.Value : Section(group, depth + 1);
            return KeyValuePair.Create(new ConfigNode.Scalar(group.Key, false, first.Value.Place), value);
        }).ToArray();
        return new ConfigNode.Mapping(entries, entries.Length > 0 ? entries[0].Key.Place : "");
    }
}
