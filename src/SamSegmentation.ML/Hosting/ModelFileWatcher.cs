namespace SamSegmentation.ML.Hosting;

/// <summary>Says when a file has changed and has then been left alone for a while.</summary>
internal sealed class ModelFileWatcher : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly ITimer _quiet;

    /// <summary>Begins to watch.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="delay">How long it must be left alone.</param>
    /// <param name="clock">Tells when that time is over.</param>
    /// <param name="changed">Called then, on any thread.</param>
    public ModelFileWatcher(string path, TimeSpan delay, TimeProvider clock, Action changed)
    {
        var full = Path.GetFullPath(path);
        _quiet = clock.CreateTimer(_ => changed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // A file that is written under another name and then renamed to this one counts as changed.
        _watcher = new FileSystemWatcher(Path.GetDirectoryName(full)!, Path.GetFileName(full))
        {
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.CreationTime,
        };
        _watcher.Changed += (_, _) => Wait();
        _watcher.Created += (_, _) => Wait();
        _watcher.Renamed += (_, _) => Wait();
        // Events were lost; one of them may have been the file's.
        _watcher.Error += (_, _) => Wait();
        _watcher.EnableRaisingEvents = true;

        void Wait() => _quiet.Change(delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends watching.</summary>
    public void Dispose()
    {
        _watcher.Dispose();
        _quiet.Dispose();
    }
}
