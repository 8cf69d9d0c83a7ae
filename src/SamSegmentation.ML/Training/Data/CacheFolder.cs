namespace SamSegmentation.ML.Training.Data;

/// <summary>The folder of a run's cache: the user's, which stays, or a temporary one, which is deleted at the end.</summary>
internal sealed class CacheFolder : IDisposable
{
    private readonly bool _isTemporary;

    /// <param name="path">The user's folder; null for a temporary one.</param>
    public CacheFolder(string? path)
    {
        _isTemporary = path is null;
        Path = path ?? Directory.CreateTempSubdirectory("samsegmentation-").FullName;
    }

    public string Path { get; }

    public void Dispose()
    {
        if (!_isTemporary)
            return;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What remains lies among the system's temporary files; the run's own outcome matters more.
        }
    }
}
