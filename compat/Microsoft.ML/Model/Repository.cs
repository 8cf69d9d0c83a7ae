using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// A zip archive whose entries pass through files in a temporary folder, so that their streams can be sought in and
/// memory stays small however large an entry is.
/// </summary>
internal abstract class Repository : IDisposable
{
    private readonly List<Entry> _open = [];

    protected Repository(IExceptionContext context)
    {
        ExceptionContext = context;
        var root = (context as IHostEnvironmentInternal)?.TempFilePath ?? Path.GetTempPath();
        Folder = Path.Combine(Path.GetFullPath(root), $"ml_dotnet_{Path.GetRandomFileName()}");
        Directory.CreateDirectory(Folder);
    }

    public IExceptionContext ExceptionContext { get; }

    protected string Folder { get; }

    public void Dispose()
    {
        foreach (var entry in _open.ToArray())
            entry.Dispose();
        DisposeArchive();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    protected abstract void DisposeArchive();

    protected virtual void OnClosed(Entry entry) => File.Delete(entry.TemporaryFile);

    protected Entry Open(string path, string temporaryFile, FileMode mode, FileAccess access)
    {
        var entry = new Entry(this, path, temporaryFile, new FileStream(temporaryFile, mode, access));
        _open.Add(entry);
        return entry;
    }

    protected string NewTemporaryFile() => Path.Combine(Folder, Path.GetRandomFileName());

    protected string PathOf(string directory, string name)
    {
        ExceptionContext.CheckParam(directory is null || !directory.Contains("..", StringComparison.Ordinal), nameof(directory));
        ExceptionContext.CheckParam(!string.IsNullOrWhiteSpace(name) && !name.Contains("..", StringComparison.Ordinal), nameof(name));
        return Path.Combine(directory ?? "", name);
    }

    internal sealed class Entry : IDisposable
    {
        private readonly Repository _repository;
        private bool _disposed;

        public Entry(Repository repository, string path, string temporaryFile, Stream stream)
        {
            _repository = repository;
            Path = path;
            TemporaryFile = temporaryFile;
            Stream = stream;
        }

        public string Path { get; }

        public Stream Stream { get; }

        public string TemporaryFile { get; }

        public void Dispose()
        {
            if (_disposed)
                return;
            _disposed = true;
            Stream.Dispose();
            _repository._open.Remove(this);
            _repository.OnClosed(this);
        }
    }
}
