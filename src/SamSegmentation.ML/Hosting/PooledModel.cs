using Microsoft.Extensions.Logging;
using SamSegmentation.ML.Modeling.Memory;

namespace SamSegmentation.ML.Hosting;

/// <summary>One model of the pool: what is loaded of it now, who may use it, and when it is loaded anew.</summary>
internal sealed partial class PooledModel : IDisposable
{
    private readonly string _name;
    private readonly SegmentationModelOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _places;
    private readonly SemaphoreSlim _loading = new(1);
    private readonly Lock _lock = new();
    private LoadedModel? _current;
    private ModelFileWatcher? _watcher;
    private bool _isDisposed;

    public PooledModel(string name, SegmentationModelOptions options, TimeProvider clock, ILogger logger)
    {
        (_name, _options, _clock, _logger) = (name, options, clock, logger);
        _places = new SemaphoreSlim(options.MaxConcurrency);
    }

    /// <summary>Waits for a place, loads the model if it is not loaded, and lends it.</summary>
    public async Task<PredictorLease> RentAsync(CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            LoadedModel? model;
            while (!TryUse(out model))
                // The load goes on for the others when one of those who wait for it gives up.
                await LoadAsync(onlyIfAbsent: true).WaitAsync(cancellation).ConfigureAwait(false);
            return new PredictorLease(model, _places);
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <summary>Loads the file as it is now; the model before it is dropped when that has succeeded.</summary>
    public async Task LoadAsync(bool onlyIfAbsent)
    {
        await _loading.WaitAsync().ConfigureAwait(false);
        try
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, typeof(SegmentationPredictorPool));
                if (onlyIfAbsent && _current is not null)
                    return;
                Watch(); // before the file is read, so that no change is missed
            }
            LoadedModel model;
            try
            {
                model = await Task.Run(() => LoadedModel.Load(_options, batch => LogReduced(_logger, _name, batch))).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"The model '{_name}' cannot be loaded: {error.Message}", error);
            }
            Replace(model);
            LogLoaded(_logger, _name, _options.Path);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Drops the model; those who still use it keep it until they are done.</summary>
    public void Dispose()
    {
        LoadedModel? last;
        lock (_lock)
        {
            (last, _current, _isDisposed) = (_current, null, true);
            _watcher?.Dispose();
        }
        last?.Release();
    }

    private bool TryUse([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LoadedModel? model)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(SegmentationPredictorPool));
            model = _current;
            model?.Use();
            return model is not null;
        }
    }

    private void Replace(LoadedModel model)
    {
        LoadedModel? old;
        lock (_lock)
            (old, _current) = _isDisposed ? (model, null) : (_current, model);
        old?.Release();
    }

    private void Watch()
    {
        if (_options.ReloadOnChange && _watcher is null && Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(_options.Path))))
            _watcher = new ModelFileWatcher(_options.Path, _options.ReloadDelay, _clock, () => _ = ReloadAsync());
    }

    // Nobody waits for this one; what fails is for the log.
    private async Task ReloadAsync()
    {
        try
        {
            await LoadAsync(onlyIfAbsent: false).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
        }
        catch (Exception error)
        {
            LogKept(_logger, error, _name, _options.Path);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The model '{Name}' is loaded from '{Path}'.")]
    private static partial void LogLoaded(ILogger logger, string name, string path);

    [LoggerMessage(2, LogLevel.Error, "'{Path}' has changed and cannot be loaded; the model '{Name}' stays as it was.")]
    private static partial void LogKept(ILogger logger, Exception error, string name, string path);

    [LoggerMessage(3, LogLevel.Warning, "The model '{Name}': {Batch}")]
    private static partial void LogReduced(ILogger logger, string name, ReducedBatch batch);
}
