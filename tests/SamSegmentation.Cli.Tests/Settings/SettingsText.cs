using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;

namespace SamSegmentation.Cli.Tests.Settings;

/// <summary>Reads settings as a user writes them.</summary>
internal static class SettingsText
{
    public static LoadedSettings<SamSegSettings> Read(string yaml, List<ConfigProblem>? problems = null)
    {
        var found = problems ?? [];
        var loaded = SamSegKnobs.Table.Read(
            SamSegSettings.Default, YamlFile.Parse("settings.yaml", yaml, found), new Dictionary<Knob<SamSegSettings>, ConfigNode>(), found);
        return problems is not null || found.Count == 0 ? loaded : throw new ConfigurationException(found);
    }

    /// <summary>A YAML text that sets one key.</summary>
    public static string Yaml(string key, string value)
    {
        var parts = key.Split('.');
        return string.Concat(parts.Select((part, depth) => $"{new string(' ', 2 * depth)}{part}:{(depth == parts.Length - 1 ? $" {value}" : "")}\n"));
    }

    /// <summary>All settings as a user would write them.</summary>
    public static IReadOnlyList<string> Show(SamSegSettings settings) =>
        [.. SamSegKnobs.Table.Knobs.Select(knob => $"{knob.Key}: {knob.Show(settings)}")];
}
