using SamSegmentation.ML.Embeddings;
using Xunit;

namespace SamSegmentation.ML.Tests.Embeddings;

public sealed class ReadAheadTests
{
    [Fact]
    public void Enumerate_AllItems_ComeInOrderFromAnotherThread()
    {
        var here = Environment.CurrentManagedThreadId;
        var threads = new HashSet<int>();
        var source = Enumerable.Range(0, 100).Select(i =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            return i;
        });

        Assert.Equal(Enumerable.Range(0, 100), ReadAhead.Enumerate(source, 3, null, CancellationToken.None));
        Assert.NotEqual(here, Assert.Single(threads));
    }

    [Fact]
    public void Enumerate_SlowReader_SourceStaysWithinCapacity()
    {
        var made = 0;
        var furthest = 0;
        var read = 0;
        foreach (var _ in ReadAhead.Enumerate(Enumerable.Range(0, 50).Select(i => Interlocked.Increment(ref made)), 2, null, CancellationToken.None))
        {
            read++;
            Thread.Yield();
            // Two may wait, one may be on its way into the queue, and the one that is being read has been made.
            furthest = Math.Max(furthest, Volatile.Read(ref made) - read);
        }

        Assert.Equal(50, read);
        Assert.InRange(furthest, 0, 3);
    }

    [Fact]
    public void Enumerate_SourceThrows_ErrorComesAfterTheItemsBefore()
    {
        var seen = new List<int>();

        var error = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var item in ReadAhead.Enumerate(Faulty(), 1, null, CancellationToken.None))
                seen.Add(item);
        });

        Assert.Equal("third", error.Message);
        Assert.Equal([1, 2], seen);

        static IEnumerable<int> Faulty()
        {
            yield return 1;
            yield return 2;
            throw new InvalidDataException("third");
        }
    }

    [Fact]
    public void Enumerate_LeftEarly_SourceIsDisposedAndItemsAreDiscarded()
    {
        var disposed = false;
        var made = 0;
        var discarded = 0;

        foreach (var item in ReadAhead.Enumerate(Endless(), 4, _ => discarded++, CancellationToken.None))
        {
            if (item == 10)
                break;
        }

        Assert.True(disposed);
        Assert.Equal(made - 11, discarded);

        IEnumerable<int> Endless()
        {
            try
            {
                while (true)
                    yield return made++;
            }
            finally
            {
                disposed = true;
            }
        }
    }

    [Fact]
    public void Enumerate_Cancelled_ThrowsAndDiscards()
    {
        using var cancellation = new CancellationTokenSource();
        var seen = 0;
        var discarded = 0;
        var made = 0;

        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var _ in ReadAhead.Enumerate(Enumerable.Range(0, 1000).Select(i => made++), 2, _ => discarded++, cancellation.Token))
            {
                if (++seen == 5)
                    cancellation.Cancel();
            }
        });

        Assert.Equal(5, seen);
        Assert.Equal(made, seen + discarded);
        Assert.True(made < 1000);
    }
}
