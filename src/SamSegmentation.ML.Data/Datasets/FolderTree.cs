using System.IO.Enumeration;

namespace SamSegmentation.ML.Datasets;

/// <summary>
/// The files of a folder. Links to files and folders are followed, but for a link that leads back to a folder around
/// it: the files below would be found again and again, each time under a longer name.
/// </summary>
internal static class FolderTree
{
    /// <summary>The full paths of a folder's files, in no certain order; hidden ones are left out.</summary>
    /// <param name="root">The folder's full path.</param>
    /// <param name="recursive">Whether folders within it are searched.</param>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IEnumerable<string> Files(string root, bool recursive)
    {
        // A folder that may not be read must not make the dataset smaller in silence.
        EnumerationOptions options = new() { RecurseSubdirectories = recursive, IgnoreInaccessible = false };
        return new FileSystemEnumerable<string>(root, (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                (entry.Attributes & FileAttributes.ReparsePoint) == 0 || !LeadsBack(root, entry.ToFullPath()),
        };
    }

    private static bool LeadsBack(string root, string link)
    {
        string target = RealPath(link);
        for (string? around = Path.GetDirectoryName(link); around is not null && around.Length >= root.Length; around = Path.GetDirectoryName(around))
        {
            if (IsWithin(RealPath(around), target))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        || Path.GetPathRoot(path) == folder;

    // The path without a link in it.
    private static string RealPath(string path)
    {
        string real = Path.GetPathRoot(path)!;
        foreach (string name in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, name);
            if (Directory.ResolveLinkTarget(real, returnFinalTarget: true) is { } target)
            {
                real = RealPath(target.FullName);
            }
        }

        return real;
    }
}
