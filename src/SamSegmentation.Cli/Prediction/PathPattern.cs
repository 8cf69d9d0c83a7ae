using System.IO.Enumeration;

namespace SamSegmentation.Cli.Prediction;

/// <summary>
/// Paths with <c>*</c> (any letters within a name), <c>?</c> (one letter) and <c>**</c> (any folders), for shells that
/// do not expand them.
/// </summary>
internal static class PathPattern
{
    private const string AnyDepth = "**";

    /// <summary>Whether a path has one of these signs.</summary>
    /// <param name="path">The path.</param>
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>The files and folders that fit, in ordinal order.</summary>
    /// <param name="pattern">The pattern.</param>
    public static IEnumerable<string> Expand(string pattern)
    {
        var parts = pattern.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        var isRooted = parts[0].Length == 0;
        IEnumerable<string> found = [isRooted ? Path.DirectorySeparatorChar.ToString() : ""];
        foreach (var part in isRooted ? parts[1..] : parts)
        {
            if (part.Length > 0)
                found = found.SelectMany(folder => Step(folder, part)).Distinct().ToList();
        }
        return found.Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Step(string folder, string part)
    {
        var here = folder.Length == 0 ? "." : folder;
        if (!Directory.Exists(here))
            return [];
        if (part == AnyDepth)
            return Directory.EnumerateDirectories(here, "*", SearchOption.AllDirectories).Select(Below).Prepend(folder);
        if (!IsPattern(part))
            return Path.Exists(Path.Combine(here, part)) || part is ".." ? [Path.Combine(folder, part)] : [];
        return Directory.EnumerateFileSystemEntries(here)
            .Select(entry => Path.GetFileName(entry))
            .Where(name => FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: OperatingSystem.IsWindows()))
            .Select(name => Path.Combine(folder, name));

        string Below(string path) => folder.Length == 0 ? Path.GetRelativePath(here, path) : path;
    }
}
