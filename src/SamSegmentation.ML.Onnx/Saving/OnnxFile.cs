namespace SamSegmentation.ML.Onnx.Saving;

/// <summary>An ONNX file that stays open as long as its network is, so that what is saved is what runs.</summary>
internal sealed class OnnxFile : IDisposable
{
    private readonly FileStream _content;
    private readonly bool _isTemporary;

    private OnnxFile(string path, bool isTemporary)
    {
        // Others may read, as ONNX Runtime does.
        _content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        _isTemporary = isTemporary;
    }

    /// <summary>The file's whole path.</summary>
    public string Path => _content.Name;

    /// <summary>Opens a file of the user's.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static OnnxFile Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        return File.Exists(full) ? new OnnxFile(full, isTemporary: false) : throw new FileNotFoundException($"There is no ONNX file '{full}'.", full);
    }

    /// <summary>Copies a stream's rest into a file that is removed in the end: ONNX Runtime reads files, not streams.</summary>
    /// <param name="source">The stream.</param>
    /// <param name="folder">Where temporary files belong; it is made if need be.</param>
    public static OnnxFile Copy(Stream source, string folder)
    {
        Directory.CreateDirectory(folder);
        var path = System.IO.Path.Combine(folder, $"samseg-{System.IO.Path.GetRandomFileName()}.onnx");
        try
        {
            using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                source.CopyTo(file);
            return new OnnxFile(path, isTemporary: true);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Copies all of it.</summary>
    public void CopyTo(Stream target)
    {
        // Several may save at once.
        lock (_content)
        {
            _content.Position = 0;
            _content.CopyTo(target);
        }
    }

    public void Dispose()
    {
        _content.Dispose();
        if (_isTemporary)
            File.Delete(Path);
    }
}
