namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>A folder of one test, deleted with all that it holds.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("samseg-checkpoints-").FullName;

    /// <summary>The path of a file in the folder.</summary>
    public string File(string name) => Path.Combine(_path, name);

    /// <summary>Writes a file into the folder and gives its path.</summary>
    public string Write(string name, byte[] content)
    {
        var path = File(name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>The names of the folder's files.</summary>
    public string[] Files => [.. Directory.GetFiles(_path).Select(file => Path.GetFileName(file))];

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
