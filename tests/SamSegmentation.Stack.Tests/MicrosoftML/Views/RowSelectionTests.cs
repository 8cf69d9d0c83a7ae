using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Views;

public sealed class RowSelectionTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void TakeRows_TakesTheFirst()
    {
        Assert.Equal([0, 1, 2], Numbers.Of(_ml.Data.TakeRows(Numbers.Load(_ml, 5), 3)));
        Assert.Equal([0, 1], Numbers.Of(_ml.Data.TakeRows(Numbers.Load(_ml, 2), 3)));
    }

    [Fact]
    public void TakeRows_DoesNotReadOn()
    {
        var view = new RecordingView(Numbers.Load(_ml, 5));

        Assert.Equal([0, 1], Numbers.Of(_ml.Data.TakeRows(view, 2)));
        Assert.Equal(2, view.Moves);
        Assert.Equal(1, view.Disposed);
    }

    [Fact]
    public void SkipRows_LeavesTheFirstOut()
    {
        Assert.Equal([3, 4], Numbers.Of(_ml.Data.SkipRows(Numbers.Load(_ml, 5), 3)));
        Assert.Empty(Numbers.Of(_ml.Data.SkipRows(Numbers.Load(_ml, 2), 3)));
    }

    [Fact]
    public void TakeRows_OfSkippedRows_CountsPositionsAnew()
    {
        var data = _ml.Data.TakeRows(_ml.Data.SkipRows(Numbers.Load(_ml, 9), 4), 2);
        using var cursor = data.GetRowCursor(data.Schema);
        var id = cursor.GetIdGetter();
        var value = default(DataViewRowId);

        Assert.True(cursor.MoveNext());
        id(ref value);

        Assert.Equal(0, cursor.Position);
        Assert.Equal(new DataViewRowId(4, 0), value);
        Assert.Equal([5], Numbers.Of(cursor));
        Assert.Equal(-1, cursor.Position);
    }

    [Theory]
    [InlineData(3, 5, 2, 3)]
    [InlineData(9, 5, 0, 5)]
    public void RowCount_OfSkippedAndTakenRows_IsKnown(int count, int rows, int skipped, int taken)
    {
        Assert.Equal(skipped, _ml.Data.SkipRows(Numbers.Load(_ml, rows), count).GetRowCount());
        Assert.Equal(taken, _ml.Data.TakeRows(Numbers.Load(_ml, rows), count).GetRowCount());
        Assert.Null(_ml.Data.TakeRows(_ml.Data.LoadFromEnumerable(Enumerable.Repeat(new Numbers(), rows).Where(_ => true)), count).GetRowCount());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Counts_ThatAreNotPositive_Throw(int count)
    {
        var data = Numbers.Load(_ml, 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(data, count));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.SkipRows(data, count));
    }

    [Fact]
    public void TakeRows_OfAShuffle_IgnoresTheCallersRandom()
    {
        var taken = _ml.Data.TakeRows(_ml.Data.ShuffleRows(Numbers.Load(_ml, 20), seed: 1), 5);
        using var cursor = taken.GetRowCursor(taken.Schema, new Random(3));

        Assert.False(taken.CanShuffle);
        Assert.Equal(Numbers.Of(taken), Numbers.Of(cursor));
    }

    [Fact]
    public void FilterRowsByColumn_TakesTheLowerBoundAndNotTheUpper()
    {
        var filtered = _ml.Data.FilterRowsByColumn(Numbers.Load(_ml, 6), "Single", lowerBound: 1.5, upperBound: 4.5);

        Assert.Equal([1, 2], Numbers.Of(filtered));
        Assert.Null(filtered.GetRowCount());
        Assert.Equal([0, 1], _ml.Data.FilterRowsByColumn(Numbers.Load(_ml, 6), "Single", upperBound: 3).GetColumn<int>("Number"));
    }

    [Fact]
    public void FilterRowsByColumn_LosesWhatIsNotBelowTheUpperBound()
    {
        var data = _ml.Data.LoadFromEnumerable(
            new[] { 1, float.NaN, float.PositiveInfinity, float.NegativeInfinity }.Select((value, i) => new Numbers { Number = i, Single = value }));

        Assert.Equal([0, 3], Numbers.Of(_ml.Data.FilterRowsByColumn(data, "Single")));
    }

    [Fact]
    public void FilterRowsByColumn_OfOtherTypes_NamesTheColumn()
    {
        var text = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(Numbers.Load(_ml, 6), "Group", 0, 1));
        var whole = Assert.ThrowsAny<Exception>(() => _ml.Data.FilterRowsByColumn(Numbers.Load(_ml, 6), "Number", 0, 1));

        Assert.Contains("'Group'", text.Message, StringComparison.Ordinal);
        Assert.Contains("'Number'", whole.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(Numbers.Load(_ml, 6), "Absent", 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(Numbers.Load(_ml, 6), "Single", 1, 1));
    }

    [Fact]
    public void FilterRowsByColumn_ReadsTheColumnThatNobodyAskedFor()
    {
        var view = new RecordingView(Numbers.Load(_ml, 6));

        Assert.Equal([4, 5], Numbers.Of(_ml.Data.FilterRowsByColumn(view, "Single", 6)));
        Assert.Equal(["Number", "Single"], view.Asked.Single().Order());
    }

    [Fact]
    public void Cache_ReadsItsSourceOnce()
    {
        var view = new RecordingView(Numbers.Load(_ml, 6));
        var cache = _ml.Data.Cache(view);

        Assert.Empty(view.Asked);
        Assert.Equal(Enumerable.Range(0, 6), Numbers.Of(cache));
        Assert.Equal(Enumerable.Range(0, 6), Numbers.Of(cache));
        Assert.Equal(["Number"], Assert.Single(view.Asked));
        Assert.Equal(6, cache.GetRowCount());
        _ = cache.GetColumn<float>("Single").Last();
        Assert.Equal(2, view.Asked.Count);
    }

    [Fact]
    public void Cache_WithColumns_ReadsThemAtOnce()
    {
        var view = new RecordingView(Numbers.Load(_ml, 6));
        var cache = _ml.Data.Cache(view, "Number", "Single");

        _ = cache.GetColumn<float>("Single").Last();

        Assert.Equal(["Number", "Single"], Assert.Single(view.Asked));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.Cache(view, "Absent"));
        Assert.Contains("'Absent'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cache_WithARandom_HasTheSameOrderEverywhere()
    {
        var cache = _ml.Data.Cache(Numbers.Load(_ml, 12));
        using var cursor = cache.GetRowCursor(cache.Schema, new Random(1));

        Assert.True(cache.CanShuffle);
        Assert.Equal("2 0 6 9 3 8 5 11 1 10 4 7", string.Join(" ", Numbers.Of(cursor)));
    }

    [Fact]
    public void Cache_OfImages_LosesTheColumn()
    {
        using var image = MLImage.CreateFromPixels(1, 1, MLPixelFormat.Bgra32, [1, 2, 3, 255]);
        var data = _ml.Data.LoadFromEnumerable([new Photo { Id = "a", Image = image }]);

        Assert.Equal("Id", Assert.Single(_ml.Data.Cache(data).Schema).Name);
        Assert.ThrowsAny<Exception>(() => _ml.Data.Cache(data, "Image"));
    }

    private sealed class Photo
    {
        public string? Id { get; set; }

        [ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }
}
