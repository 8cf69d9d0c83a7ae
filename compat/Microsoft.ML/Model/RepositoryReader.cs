using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal sealed class RepositoryReader : Repository
{
    private readonly ZipArchive _archive;

    private RepositoryReader(ZipArchive archive, IExceptionContext context)
        : base(context) =>
        _archive = archive;

    public static RepositoryReader Open(Stream stream, IExceptionContext ectx)
    {
        ectx.CheckValue(stream, nameof(stream));
        try
        {
            return new RepositoryReader(new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true), ectx);
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or IOException)
        {
            throw new FormatException("Failed to open a zip archive", error).Process(ectx);
        }
    }

    public Entry OpenEntryOrNull(string name) => OpenEntryOrNull(null, name);

    public Entry OpenEntryOrNull(string dir, string name)
    {
        var path = PathOf(dir, name);
        // Old files separate folders by backslashes.
        var entry = _archive.GetEntry(path) ?? _archive.GetEntry(path.Replace('/', '\\'));
        if (entry is null)
            return null;
        var file = NewTemporaryFile();
        entry.ExtractToFile(file);
        return Open(path, file, FileMode.Open, FileAccess.Read);
    }

    protected override void DisposeArchive() => _archive.Dispose();
}
