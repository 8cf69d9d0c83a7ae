using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Reports.Images;
using Xunit;

namespace SamSegmentation.ML.Tests.Reports.Images;

public sealed class ImageRankingTests
{
    [Theory]
    [InlineData(0, 10, 3)]
    [InlineData(1, 1, 3)]
    [InlineData(3, 2, 3)]
    [InlineData(3, 5, 3)]
    [InlineData(4, 9, 2)]
    [InlineData(5, 40, 100)]
    public void Offer_AnyImages_KeepsBothEndsOfTheOrder(int count, int images, int values)
    {
        var random = new Random(images);
        double[] scores = [.. Enumerable.Range(0, images).Select(_ => random.Next(values) / (double)values)];
        var ranking = new ImageRanking<int>(count);

        for (var i = 0; i < images; i++)
        {
            var index = i;
            ranking.Offer(scores[i], () => index);
        }

        // Sorted as a whole: the best first, of equal ones the first; the worst are its other end.
        var order = Enumerable.Range(0, images).OrderByDescending(i => scores[i]).ToArray();
        var best = Math.Min(count, (images + 1) / 2);
        var worst = Math.Min(count, images / 2);
        Assert.Equal(order.Take(best), ranking.Best.Select(ranked => ranked.Image));
        Assert.Equal(order.Reverse().Take(worst), ranking.Worst.Select(ranked => ranked.Image));
        Assert.All(ranking.Best.Concat(ranking.Worst), ranked => Assert.Equal(scores[ranked.Image], ranked.MeanIoU));
    }

    [Fact]
    public void Offer_ImageThatIsNotKept_IsNeverMade()
    {
        var ranking = new ImageRanking<int>(1);
        ranking.Offer(0.1, () => 1);
        ranking.Offer(0.9, () => 2);

        ranking.Offer(0.5, () => throw new InvalidOperationException("It was made."));
        ranking.Offer(double.NaN, () => throw new InvalidOperationException("It was made."));

        Assert.Equal((2, 1), (ranking.Best.Single().Image, ranking.Worst.Single().Image));
    }

    [Fact]
    public void Of_RandomMaps_IsTheMeanIoUOfTheirOwnMatrix()
    {
        var random = new Random(5);
        for (var round = 0; round < 20; round++)
        {
            var truth = new LabelMap(4, 9, [.. Enumerable.Range(0, 36).Select(_ => random.Next(6) is var id && id == 5 ? (ushort)255 : (ushort)id)]);
            var prediction = new LabelMap(4, 9, [.. Enumerable.Range(0, 36).Select(_ => (ushort)random.Next(3))]);
            var matrix = new ConfusionMatrix(7);
            matrix.Add(truth.Ids, prediction.Ids);

            Assert.Equal(matrix.ToMetrics().MeanIoU, ImageMeanIoU.Of(truth, prediction, 7, 255), 1e-12);
        }
    }

    [Fact]
    public void Of_NothingButVoid_IsNoNumber() =>
        Assert.Equal(double.NaN, ImageMeanIoU.Of(new LabelMap(1, 2, [255, 255]), new LabelMap(1, 2), 3, 255));
}
