using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Views;

public sealed class ShuffleTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(1, 1000, "15 6 1 0 4 7 10 13 17 12 14 2 18 11 8 9 19 3 16 5")]
    [InlineData(2, 5, "3 1 4 2 7 8 0 9 12 6 11 15 16 17 5 13 19 10 14 18")]
    [InlineData(-3, 2, "1 0 2 4 5 3 7 6 8 9 10 12 11 13 15 16 17 14 18 19")]
    public void ShuffleRows_WithASeed_HasTheSameOrderEverywhere(int seed, int pool, string expected)
    {
        var shuffled = _ml.Data.ShuffleRows(Numbers.Load(_ml, 20), seed, pool);

        Assert.Equal(expected, string.Join(" ", Numbers.Of(shuffled)));
        Assert.Equal(Numbers.Of(shuffled), Numbers.Of(shuffled));
        Assert.Equal(Enumerable.Range(0, 20), Numbers.Of(shuffled).Order());
    }

    [Fact]
    public void ShuffleRows_WithoutASeed_TakesOneFromTheContextAndKeepsIt()
    {
        var first = _ml.Data.ShuffleRows(Numbers.Load(_ml, 20));
        var again = _ml.Data.ShuffleRows(Numbers.Load(_ml, 20));

        Assert.Equal(Numbers.Of(first), Numbers.Of(first));
        Assert.Equal("15 12 13 16 3 10 14 5 1 17 11 18 19 0 2 9 7 4 6 8", string.Join(" ", Numbers.Of(first)));
        Assert.NotEqual(Numbers.Of(first), Numbers.Of(again));
    }

    [Fact]
    public void ShuffleRows_OfManyRows_HasTheSameOrderEverywhere()
    {
        var numbers = Numbers.Of(_ml.Data.ShuffleRows(Numbers.Load(_ml, 500), seed: 4, shufflePoolSize: 50));

        Assert.Equal("22 23 1 34 42", string.Join(" ", numbers.Take(5)));
        Assert.Equal("465 460 334 484 417", string.Join(" ", numbers.TakeLast(5)));
        Assert.Equal(Enumerable.Range(0, 500), numbers.Order());
        Assert.All(numbers.Select((number, i) => number - i), ahead => Assert.True(ahead < 50));
    }

    [Fact]
    public void ShuffleRows_WithTheCallersRandom_FollowsIt()
    {
        var shuffled = _ml.Data.ShuffleRows(Numbers.Load(_ml, 20), seed: 1);
        using var cursor = shuffled.GetRowCursor(shuffled.Schema, new Random(5));

        var order = Numbers.Of(cursor).ToArray();

        Assert.True(shuffled.CanShuffle);
        Assert.Equal(Enumerable.Range(0, 20), order.Order());
        Assert.NotEqual(Numbers.Of(shuffled), order);
    }

    [Fact]
    public void ShuffleRows_OverAShuffle_ShufflesTheSourceUnlessToldNotTo()
    {
        var source = _ml.Data.ShuffleRows(Numbers.Load(_ml, 20), seed: 1);
        var asked = new RecordingView(source);
        var alone = new RecordingView(source);

        _ = Numbers.Of(_ml.Data.ShuffleRows(asked, seed: 1));
        _ = Numbers.Of(_ml.Data.ShuffleRows(alone, seed: 1, shuffleSource: false));

        Assert.NotNull(Assert.Single(asked.Randoms));
        Assert.Null(Assert.Single(alone.Randoms));
    }

    [Fact]
    public void ShuffleRows_WithAPoolOfOne_LeavesTheOrder()
    {
        Assert.Equal(Enumerable.Range(0, 9), Numbers.Of(_ml.Data.ShuffleRows(Numbers.Load(_ml, 9), seed: 1, shufflePoolSize: 1)));
    }

    [Fact]
    public void ShuffleRows_Values_StayTogether()
    {
        var shuffled = _ml.Data.ShuffleRows(Numbers.Load(_ml, 30), seed: 3, shufflePoolSize: 7);

        var rows = _ml.Data.CreateEnumerable<Numbers>(shuffled, reuseRowObject: false).ToArray();

        Assert.Equal(30, rows.Length);
        Assert.All(rows, row => Assert.Equal((row.Number * 1.5f, $"group {row.Number / 3}"), (row.Single, row.Group)));
        Assert.Equal(30, shuffled.GetRowCount());
    }

    [Fact]
    public void ShuffleRows_OfImages_LosesTheColumn()
    {
        using var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, [1, 2, 3, 255]);
        var data = _ml.Data.LoadFromEnumerable([new Photo { Id = "a", Image = image }]);

        Assert.Equal("Id", Assert.Single(_ml.Data.ShuffleRows(data).Schema).Name);
    }

    [Fact]
    public void ShuffleRows_WithAnEmptyPool_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.ShuffleRows(Numbers.Load(_ml, 2), shufflePoolSize: 0));

        Assert.Equal("shufflePoolSize", error.ParamName);
    }

    [Fact]
    public void ShuffleRows_WhoseSourceFails_FailsWithItsError()
    {
        var data = _ml.Data.LoadFromEnumerable(Failing());
        var error = Assert.Throws<InvalidOperationException>(() => Numbers.Of(_ml.Data.ShuffleRows(data, seed: 1)));

        Assert.Contains("row 2", error.InnerException?.Message, StringComparison.Ordinal);

        static IEnumerable<Numbers> Failing()
        {
            yield return new Numbers();
            yield return new Numbers();
            throw new FormatException("row 2");
        }
    }

    private sealed class Photo
    {
        public string? Id { get; set; }

        [ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }
}
