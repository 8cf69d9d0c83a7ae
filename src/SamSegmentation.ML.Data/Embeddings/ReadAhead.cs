using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace SamSegmentation.ML.Embeddings;

/// <summary>Enumerates a source on a thread of its own, a bounded number of items ahead of the reader.</summary>
internal static class ReadAhead
{
    /// <summary>
    /// The source's items in their order. The source's own error comes where its item would have come. Leaving the
    /// enumeration early stops the source and waits for its thread.
    /// </summary>
    /// <param name="source">Enumerated once, and disposed, on the other thread.</param>
    /// <param name="capacity">Items that may wait; at least 1.</param>
    /// <param name="discard">Called for items that were made and will not be read.</param>
    /// <param name="cancellation">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    public static IEnumerable<T> Enumerate<T>(IEnumerable<T> source, int capacity, Action<T>? discard, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var queue = new BlockingCollection<T>(capacity);
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(Produce) { IsBackground = true, Name = "read-ahead" };
        thread.Start();
        try
        {
            foreach (var item in queue.GetConsumingEnumerable(cancellation))
                yield return item;
            error?.Throw();
            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            stop.Cancel();
            thread.Join();
            while (queue.TryTake(out var item))
                discard?.Invoke(item);
        }

        void Produce()
        {
            try
            {
                foreach (var item in source)
                    Offer(item);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The reader left; nobody is waiting for the rest.
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                queue.CompleteAdding();
            }
        }

        void Offer(T item)
        {
            try
            {
                queue.Add(item, stop.Token);
            }
            catch (OperationCanceledException)
            {
                discard?.Invoke(item);
                throw;
            }
        }
    }
}
