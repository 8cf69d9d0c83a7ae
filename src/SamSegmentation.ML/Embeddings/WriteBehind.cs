using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace SamSegmentation.ML.Embeddings;

/// <summary>Hands items to a thread of its own that writes them, with a bounded number waiting.</summary>
internal sealed class WriteBehind<T> : IDisposable
{
    private readonly BlockingCollection<T> _queue;
    private readonly Action<T> _write;
    private readonly Thread _thread;
    private volatile ExceptionDispatchInfo? _error;
    private bool _completed;

    /// <summary>Starts the thread.</summary>
    /// <param name="write">Called for each item in its order, never for two at once; it also disposes the item.</param>
    /// <param name="capacity">Items that may wait; at least 1.</param>
    public WriteBehind(Action<T> write, int capacity)
    {
        _write = write;
        _queue = new BlockingCollection<T>(capacity);
        _thread = new Thread(Consume) { IsBackground = true, Name = "write-behind" };
        _thread.Start();
    }

    /// <summary>Gives an item away; waits while the queue is full. An earlier item's error is thrown here.</summary>
    public void Add(T item)
    {
        _queue.Add(item);
        _error?.Throw();
    }

    /// <summary>Waits until everything is written; an item's error is thrown here.</summary>
    public void Complete()
    {
        Dispose();
        _error?.Throw();
    }

    /// <summary>Waits until everything is written.</summary>
    public void Dispose()
    {
        if (_completed)
            return;
        _completed = true;
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
    }

    private void Consume()
    {
        foreach (var item in _queue.GetConsumingEnumerable())
        {
            try
            {
                _write(item);
            }
            catch (Exception e)
            {
                // The queue is still emptied, so that Add never waits for a thread that is gone.
                _error ??= ExceptionDispatchInfo.Capture(e);
            }
        }
    }
}
