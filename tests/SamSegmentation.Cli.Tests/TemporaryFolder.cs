namespace SamSegmentation.Cli.Tests;

/// <summary>A folder of one test, deleted at its end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("samseg-test-").FullName;

    public string PathOf(string relative)
    {
        var path = Path.Combine(Root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    public string Write(string relative, string text)
    {
        File.WriteAllText(PathOf(relative), text);
        return PathOf(relative);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
