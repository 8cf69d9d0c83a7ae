using System.CommandLine;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Migration;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;

namespace SamSegmentation.Cli.CommandLine;

/// <summary>The options of a command that are settings, and <c>--config</c>, which names a file of them.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<string> _config = new("--config")
    {
        Description = "YAML file of settings; options win over it. Every command takes the same file.",
        HelpName = "FILE",
    };

    private readonly IReadOnlyList<(Knob<SamSegSettings> Knob, Option Option)> _options;

    /// <summary>Gives a command its options.</summary>
    /// <param name="command">The command.</param>
    /// <param name="knobs">The settings that it reads.</param>
    public SettingsOptions(Command command, IEnumerable<Knob<SamSegSettings>> knobs)
    {
        _options = [.. knobs.Select(knob => (knob, KnobOption.Create(knob, SamSegSettings.Default)))];
        command.Add(_config);
        foreach (var (_, option) in _options)
            command.Add(option);
    }

    /// <summary>Puts the settings together from defaults, file and command line.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="ConfigurationException">Some of what was written cannot be used; all of it is listed.</exception>
    public LoadedSettings<SamSegSettings> Read(ParseResult parsed)
    {
        var problems = new List<ConfigProblem>();
        var file = parsed.GetValue(_config) is { } path ? YamlFile.Read(path, problems) : null;
        var translated = file is not null && ReferenceFile.Is(file) ? ReferenceFile.Translate(file, problems) : null;
        var given = new Dictionary<Knob<SamSegSettings>, ConfigNode>();
        foreach (var (knob, option) in _options)
        {
            if (KnobOption.Read(parsed, option, knob.Form) is { } node)
                given.Add(knob, node);
        }
        var loaded = SamSegKnobs.Table.Read(SamSegSettings.Default, translated?.File ?? file, given, problems) with { Notes = translated?.Notes ?? [] };
        return problems.Count == 0 ? loaded : throw new ConfigurationException(problems);
    }
}
