using System.Runtime.InteropServices;

namespace SamSegmentation.ML.Modeling.Memory;

/// <summary>
/// How many images go through a network at once: as many as were asked for, and half as many each time that the device's
/// memory is too small for them. Several threads may use one.
/// </summary>
/// <param name="asked">Images that were asked for; at least 1.</param>
/// <param name="option">The option that asked for them, for messages.</param>
/// <param name="advice">What to do where one image does not fit, as a sentence.</param>
/// <param name="reduced">Told of each reduction, on the thread that met it.</param>
internal sealed class ImagesAtOnce(int asked, string option, string advice, Action<ReducedBatch> reduced)
{
    private volatile int _count = asked;

    /// <summary>Images that go through at once.</summary>
    public int Count => _count;

    /// <summary>Works through images, some at a time, in their order.</summary>
    /// <param name="images">Number of images.</param>
    /// <param name="work">Does those from the first number on, as many as the second says; anew after it failed for want of memory.</param>
    /// <exception cref="InsufficientMemoryException">One image does not fit the device's memory.</exception>
    public void ForEach(int images, Action<int, int> work)
    {
        for (var start = 0; start < images;)
        {
            var from = start;
            start += Fit(images - start, count =>
            {
                work(from, count);
                return count;
            });
        }
    }

    /// <summary>Tries something with as many images at once as fit.</summary>
    /// <param name="images">The most that can be of use.</param>
    /// <param name="attempt">
    /// Is given how many images to take at once. It has freed all its tensors when it fails, and undone the rest of it, or
    /// does so when it begins.
    /// </param>
    /// <returns>What the attempt that did not fail returned.</returns>
    /// <exception cref="InsufficientMemoryException">One image does not fit the device's memory.</exception>
    public T Fit<T>(int images, Func<int, T> attempt)
    {
        while (true)
        {
            var count = Math.Min(_count, images);
            try
            {
                return attempt(count);
            }
            catch (ExternalException error) when (DeviceMemory.IsExhausted(error))
            {
                Reduce(count, error);
                // What the attempt left to the finaliser holds memory too.
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
    }

    private void Reduce(int from, ExternalException error)
    {
        var reason = DeviceMemory.Reason(error);
        if (from == 1)
            throw new InsufficientMemoryException($"One image at a time does not fit the device's memory. {advice} libtorch says: {reason}", error);
        var to = from / 2;
        int before;
        do
            before = _count;
        while (to < before && Interlocked.CompareExchange(ref _count, to, before) != before);
        // Another thread may have come further meanwhile, and has told of it.
        if (to < before)
            reduced(new ReducedBatch(option, from, to, reason));
    }
}
