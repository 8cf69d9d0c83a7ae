using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SamSegmentation.ML.Hosting;

namespace SamSegmentation.ML.Tests.Hosting;

/// <summary>Keeps what is logged, and wakes those who wait for it.</summary>
internal sealed class RecordingLogger : ILogger<SegmentationPredictorPool>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public IEnumerable<(LogLevel Level, string Text)> Entries => _entries;

    /// <summary>Waits for one more entry than was waited for before.</summary>
    public Task NextAsync() => _arrived.WaitAsync();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _entries.Enqueue((logLevel, $"{formatter(state, exception)} {exception?.Message}"));
        _arrived.Release();
    }
}
