using System.Globalization;
using SamSegmentation.Cli.Configuration;

namespace SamSegmentation.Cli.Downloads;

/// <summary>The file of addresses and hashes: <c>config/downloads.yaml</c>, which the program holds, or the user's own.</summary>
internal static class DownloadSources
{
    private const string Resource = "downloads.yaml";

    private static readonly string[] s_keys = ["url", "file", "size", "sha256", "folder"];

    /// <summary>Reads the sources.</summary>
    /// <param name="path">The user's file; null for the program's own.</param>
    /// <exception cref="ConfigurationException">Some of it cannot be used; all of that is listed.</exception>
    public static IReadOnlyList<DownloadSource> Read(string? path)
    {
        var problems = new List<ConfigProblem>();
        var root = path is null ? YamlFile.Parse(Resource, Embedded(), problems) : YamlFile.Read(path, problems);
        var sources = new List<DownloadSource>();
        foreach (var (name, node) in root.Entries)
        {
            if (sources.Any(source => source.Name == name.Text))
                problems.Add(new ConfigProblem(name.Place, name.Text, "is there twice"));
            else if (ReadSource(name.Text, node, problems) is { } source)
                sources.Add(source);
        }
        if (problems.Count == 0 && sources.Count == 0)
            problems.Add(new ConfigProblem(path ?? Resource, "", "names nothing to download"));
        return problems.Count == 0 ? sources : throw new ConfigurationException(problems);
    }

    private static DownloadSource? ReadSource(string name, ConfigNode node, List<ConfigProblem> problems)
    {
        var before = problems.Count;
        if (node is not ConfigNode.Mapping mapping)
        {
            problems.Add(new ConfigProblem(node.Place, name, $"expected a section with keys, found {node.Found}"));
            return null;
        }
        var values = new Dictionary<string, ConfigNode.Scalar>();
        foreach (var (key, value) in mapping.Entries)
        {
            if (!s_keys.Contains(key.Text))
                problems.Add(new ConfigProblem(key.Place, $"{name}.{key.Text}", "unknown key" + Spelling.DidYouMean(key.Text, s_keys)));
            else if (value is not ConfigNode.Scalar { IsNull: false } scalar)
                problems.Add(new ConfigProblem(value.Place, $"{name}.{key.Text}", $"expected a value, found {value.Found}"));
            else if (!values.TryAdd(key.Text, scalar))
                problems.Add(new ConfigProblem(key.Place, $"{name}.{key.Text}", "is there twice"));
        }
        var url = Take("url", text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https", "an http or https address");
        var file = Take("file", IsPlainName, "a file's name without folders");
        var size = Take("size", text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes > 0, "the number of bytes");
        var sha256 = Take("sha256", text => text.Length == 64 && text.All(char.IsAsciiHexDigit), "64 hexadecimal digits");
        var folder = values.ContainsKey("folder") ? Take("folder", IsPlainName, "a folder's name without folders above it") : null;
        return problems.Count == before
            ? new DownloadSource(name, new Uri(url), file, long.Parse(size, CultureInfo.InvariantCulture), sha256.ToLowerInvariant(), folder)
            : null;

        string Take(string key, Func<string, bool> isSound, string expected)
        {
            if (!values.TryGetValue(key, out var value))
            {
                if (!mapping.Entries.Any(entry => entry.Key.Text == key))
                    problems.Add(new ConfigProblem(mapping.Place, $"{name}.{key}", $"expected {expected}, found nothing"));
                return "";
            }
            if (!isSound(value.Text))
                problems.Add(new ConfigProblem(value.Place, $"{name}.{key}", $"expected {expected}, found {value.Found}"));
            return value.Text;
        }
    }

    // The file may come from anywhere; what it says must not lead out of the output folder.
    private static bool IsPlainName(string text) =>
        text.Trim('.', ' ').Length > 0 && !text.AsSpan().ContainsAny("/\\:") && text.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) < 0;

    private static string Embedded()
    {
        using var stream = typeof(DownloadSources).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program lacks its own {Resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
