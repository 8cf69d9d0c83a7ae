using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal sealed class RepositoryWriter : Repository
{
    private readonly ZipArchive _archive;
    private readonly HashSet<string> _paths = [];
    private readonly Queue<Entry> _closed = [];

    private RepositoryWriter(Stream stream, IExceptionContext context)
        : base(context) =>
        _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);

    public static RepositoryWriter CreateNew(Stream stream, IExceptionContext ectx)
    {
        ectx.CheckValue(stream, nameof(stream));
        var repository = new RepositoryWriter(stream, ectx);
        using var entry = repository.CreateEntry("TrainingInfo", "Version.txt");
        using var writer = new StreamWriter(entry.Stream, leaveOpen: true);
        writer.WriteLine(typeof(RepositoryWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
        return repository;
    }

    public Entry CreateEntry(string name) => CreateEntry(null, name);

    public Entry CreateEntry(string dir, string name)
    {
        Flush();
        var path = PathOf(dir, name);
        if (!_paths.Add(path))
            throw ExceptionContext.ExceptParam(nameof(name), $"Duplicate entry: '{path}'");
        return Open(path, NewTemporaryFile(), FileMode.CreateNew, FileAccess.ReadWrite);
    }

    /// <summary>Without this call the archive stays incomplete.</summary>
    public void Commit()
    {
        Flush();
        Dispose();
    }

    protected override void OnClosed(Entry entry) => _closed.Enqueue(entry);

    protected override void DisposeArchive() => _archive.Dispose();

    private void Flush()
    {
        while (_closed.TryDequeue(out var entry))
        {
            _archive.CreateEntryFromFile(entry.TemporaryFile, entry.Path);
            File.Delete(entry.TemporaryFile);
        }
    }
}
