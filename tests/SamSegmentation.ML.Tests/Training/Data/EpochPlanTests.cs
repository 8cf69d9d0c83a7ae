using SamSegmentation.ML.Training.Data;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Data;

public sealed class EpochPlanTests
{
    [Theory]
    [InlineData(10, 4, 3)]
    [InlineData(8, 4, 2)]
    [InlineData(1, 8, 1)]
    [InlineData(1000, 1, 1000)]
    public void Batches_AnyEpoch_TakeEverySampleOnce(int count, int batchSize, int steps)
    {
        var plan = new EpochPlan(seed: 3, count, batchSize, views: 1);

        var batches = plan.Batches(epoch: 7).ToArray();

        Assert.Equal(steps, plan.Steps);
        Assert.Equal(steps, batches.Length);
        Assert.All(batches[..^1], batch => Assert.Equal(batchSize, batch.Length));
        Assert.Equal(Enumerable.Range(0, count), batches.SelectMany(batch => batch).Select(sample => sample.Index).Order());
    }

    [Fact]
    public void Batches_SeedAndEpoch_DecideTheOrder()
    {
        Assert.Equal(Order(1, 2), Order(1, 2));
        Assert.NotEqual(Order(1, 2), Order(1, 3));
        Assert.NotEqual(Order(1, 2), Order(2, 2));
        Assert.NotEqual(Order(1, 2), Order(2, 1));
        Assert.NotEqual(Enumerable.Range(0, 50), Order(1, 1).Select(sample => sample.Index));

        static PlannedSample[] Order(int seed, int epoch) => [.. new EpochPlan(seed, 50, 50, views: 3).Batches(epoch).Single()];
    }

    [Fact]
    public void Batches_ManyEpochs_PutEverySampleEverywhereAndTakeAllViews()
    {
        const int Count = 5;
        const int Epochs = 5000;
        var plan = new EpochPlan(seed: 0, Count, Count, views: 4);
        var places = new int[Count, Count];
        var views = new int[4];
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            var order = plan.Batches(epoch).Single();
            for (var place = 0; place < Count; place++)
                places[place, order[place].Index]++;
            foreach (var sample in order)
                views[sample.View]++;
        }

        // Five standard deviations of a binomial distribution.
        var most = 5 * Math.Sqrt(Epochs * 0.2 * 0.8);
        Assert.All(places.Cast<int>(), times => Assert.InRange(times, Epochs / 5 - most, Epochs / 5 + most));
        var most4 = 5 * Math.Sqrt(Count * Epochs * 0.25 * 0.75);
        Assert.All(views, times => Assert.InRange(times, Count * Epochs / 4 - most4, Count * Epochs / 4 + most4));
    }
}
