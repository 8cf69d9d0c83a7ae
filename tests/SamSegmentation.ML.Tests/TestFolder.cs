namespace SamSegmentation.ML.Tests;

/// <summary>A folder tree of one test, deleted with all that it holds.</summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>The folder's path.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("samseg-test-").FullName;

    /// <summary>The path of a file or folder in it, whose parent folders are made.</summary>
    public string PathOf(string relative)
    {
        string path = Path.Combine(Root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string relative, byte[] content)
    {
        string path = PathOf(relative);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
