namespace SamSegmentation.Cli.Configuration;

/// <summary>
/// All settings of a program. Reads them from a file and from the command line: the command line wins over the file,
/// the file over the defaults.
/// </summary>
/// <typeparam name="TSettings">The record that holds all settings.</typeparam>
internal sealed class KnobTable<TSettings>
{
    private readonly Dictionary<string, Knob<TSettings>> _byKey;
    private readonly HashSet<string> _sections = ["" /* the top level */];

    /// <summary>Makes the table.</summary>
    /// <param name="knobs">The settings, in the order in which they are shown and applied.</param>
    /// <exception cref="ArgumentException">Two share a key or an option.</exception>
    public KnobTable(IEnumerable<Knob<TSettings>> knobs)
    {
        Knobs = [.. knobs];
        _byKey = Knobs.ToDictionary(knob => knob.Key);
        foreach (var twice in Knobs.GroupBy(knob => knob.Option).Where(same => same.Count() > 1))
            throw new ArgumentException($"{twice.Key} is the option of {string.Join(" and ", twice.Select(knob => knob.Key))}.", nameof(knobs));
        foreach (var knob in Knobs)
        {
            for (var end = knob.Key.LastIndexOf('.'); end > 0; end = knob.Key.LastIndexOf('.', end - 1))
                _sections.Add(knob.Key[..end]);
        }
    }

    /// <summary>The settings, in the order in which they are shown and applied.</summary>
    public IReadOnlyList<Knob<TSettings>> Knobs { get; }

    /// <summary>The setting of a key.</summary>
    /// <param name="key">A key that the table has.</param>
    public Knob<TSettings> this[string key] => _byKey[key];

    /// <summary>Puts the settings together.</summary>
    /// <param name="defaults">What holds where nothing is said.</param>
    /// <param name="file">The file's top level mapping; null without a file.</param>
    /// <param name="commandLine">The values of options that were given.</param>
    /// <param name="problems">Takes every key that is unknown or there twice and every value that cannot be used.</param>
    public LoadedSettings<TSettings> Read(
        TSettings defaults,
        ConfigNode.Mapping? file,
        IReadOnlyDictionary<Knob<TSettings>, ConfigNode> commandLine,
        List<ConfigProblem> problems)
    {
        var given = new Dictionary<Knob<TSettings>, Given>();
        if (file is not null)
            ReadSection(file, "", given, problems);
        foreach (var key in commandLine.Keys.SelectMany(knob => knob.Rivals))
            given.Remove(_byKey[key]);
        foreach (var knob in Knobs)
        {
            if (commandLine.TryGetValue(knob, out var node))
                given[knob] = new Given(node.Place, knob.Read(node, problems));
        }

        var settings = defaults;
        var places = new Dictionary<string, string>();
        foreach (var knob in Knobs.Where(given.ContainsKey))
        {
            places[knob.Key] = given[knob].Place;
            settings = given[knob].Set is { } set ? set(settings) : settings;
        }
        return new LoadedSettings<TSettings>(settings, places);
    }

    private void ReadSection(
        ConfigNode.Mapping section, string path, Dictionary<Knob<TSettings>, Given> given, List<ConfigProblem> problems)
    {
        var seen = new Dictionary<string, string>();
        foreach (var (name, value) in section.Entries)
        {
            var key = path.Length == 0 ? name.Text : $"{path}.{name.Text}";
            if (!seen.TryAdd(name.Text, name.Place))
                problems.Add(new ConfigProblem(name.Place, key, $"is there twice; the first is at {seen[name.Text]}"));
            else if (_byKey.TryGetValue(key, out var knob))
                given[knob] = new Given(value.Place, knob.Read(value, problems));
            else if (!_sections.Contains(key))
                problems.Add(new ConfigProblem(name.Place, key, "unknown key" + Guess(path, name.Text)));
            else if (value is ConfigNode.Mapping inner)
                ReadSection(inner, key, given, problems);
            else if (value is not ConfigNode.Scalar { IsNull: true })
                problems.Add(new ConfigProblem(value.Place, key, $"expected a section with keys, found {value.Found}"));
        }
    }

    private string Guess(string path, string name)
    {
        var here = _byKey.Keys.Concat(_sections)
            .Where(key => key.Length > 0 && ParentOf(key) == path)
            .Select(key => key[(key.LastIndexOf('.') + 1)..]);
        if (Spelling.DidYouMean(name, here) is { Length: > 0 } near)
            return near;
        var elsewhere = _byKey.Keys.Where(key => key.EndsWith("." + name, StringComparison.Ordinal)).ToList();
        return elsewhere.Count > 0 ? $" (did you mean {string.Join(" or ", elsewhere.Select(key => $"'{key}'"))}?)" : "";
    }

    private static string ParentOf(string key) => key.LastIndexOf('.') is > 0 and var end ? key[..end] : "";

    private readonly record struct Given(string Place, Func<TSettings, TSettings>? Set);
}
