using System.Net.Http.Headers;

namespace SamSegmentation.Cli.Downloads;

/// <summary>
/// A file on its way: <c>NAME.part</c>, and beside it <c>NAME.part.tag</c> with the address and the server's mark of the
/// version (ETag or date) that these bytes belong to. Without such a mark they cannot be gone on with.
/// </summary>
/// <param name="final">The path that the file gets when it is whole and verified.</param>
internal sealed class PartialFile(string final)
{
    private readonly string _tag = final + ".part.tag";

    public string Path { get; } = final + ".part";

    /// <summary>Bytes that are there.</summary>
    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>The condition under which the bytes from an address can be gone on with; null when there is none.</summary>
    public RangeConditionHeaderValue? ConditionFor(Uri url)
    {
        if (!File.Exists(_tag) || File.ReadAllLines(_tag) is not [var address, var mark] || address != url.AbsoluteUri)
            return null;
        return RangeConditionHeaderValue.TryParse(mark, out var condition) ? condition : null;
    }

    /// <summary>Begins anew with what a server sends.</summary>
    public FileStream Create(Uri url, HttpResponseMessage response)
    {
        File.Delete(_tag);
        var stream = new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.None);
        // A weak tag does not promise the same bytes.
        var mark = response.Headers.ETag is { IsWeak: false } etag ? etag.ToString() : response.Content.Headers.LastModified?.ToString("r");
        if (mark is not null)
            File.WriteAllLines(_tag, [url.AbsoluteUri, mark]);
        return stream;
    }

    /// <summary>Goes on at the end.</summary>
    public FileStream Append() => new(Path, FileMode.Append, FileAccess.Write, FileShare.None);

    /// <summary>Gives the whole file its name.</summary>
    public void Finish()
    {
        File.Move(Path, final, overwrite: false);
        File.Delete(_tag);
    }

    /// <summary>Throws the bytes away.</summary>
    public void Delete()
    {
        File.Delete(Path);
        File.Delete(_tag);
    }
}
