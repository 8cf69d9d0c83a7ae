namespace SamSegmentation.ML.Training.Data;

/// <summary>
/// Which samples an epoch's steps take, and which of their views: a pure function of seed and epoch, so that a resumed run
/// goes on as if it had not stopped.
/// </summary>
/// <param name="seed">The run's seed.</param>
/// <param name="count">Number of samples, at least 1.</param>
/// <param name="batchSize">Samples a step; the last step's may be fewer.</param>
/// <param name="views">Cached views of each sample, at least 1; in each epoch each is as likely.</param>
internal sealed class EpochPlan(int seed, int count, int batchSize, int views)
{
    // Streams of random numbers that do not depend on each other, nor on those of Augmenter.
    private const long OrderStream = 1;
    private const long ViewStream = 3;

    /// <summary>Steps of an epoch.</summary>
    public int Steps => (count + batchSize - 1) / batchSize;

    /// <summary>The samples of an epoch's steps: every sample once.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    public IEnumerable<PlannedSample[]> Batches(int epoch) =>
        Order(epoch).Select(index => new PlannedSample(index, ViewOf(epoch, index))).Chunk(batchSize);

    private int[] Order(int epoch)
    {
        var order = new int[count];
        var random = SplitMix.Of(OrderStream, seed, epoch);
        // Fisher and Yates's shuffle, from the inside out.
        for (var i = 0; i < count; i++)
        {
            var j = random.Below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private int ViewOf(int epoch, int index) => SplitMix.Of(ViewStream, seed, epoch, index).Below(views);
}
