using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Rows;

/// <summary>Cursors over objects; what the other views add has tests of its own.</summary>
public sealed class CursorTests
{
    private readonly IDataView _data = new MLContext(seed: 1).Data.LoadFromEnumerable(
        [new Row { Number = 5, Text = "five" }, new Row { Number = 6, Text = "six" }]);

    [Fact]
    public void Position_CountsFromMinusOneToMinusOne()
    {
        using var cursor = _data.GetRowCursor(_data.Schema);
        var positions = new List<long> { cursor.Position };
        while (cursor.MoveNext())
            positions.Add(cursor.Position);
        positions.Add(cursor.Position);

        Assert.Equal([-1, 0, 1, -1], positions);
        Assert.False(cursor.MoveNext());
        Assert.Equal(0, cursor.Batch);
        Assert.Same(_data.Schema, cursor.Schema);
    }

    [Fact]
    public void Getter_OfEachRow_WritesItsValue()
    {
        using var cursor = _data.GetRowCursor(_data.Schema);
        var number = cursor.GetGetter<int>(_data.Schema["Number"]);
        var id = cursor.GetIdGetter();
        var value = 0;
        var rowId = default(DataViewRowId);

        cursor.MoveNext();
        cursor.MoveNext();
        number(ref value);
        number(ref value);
        id(ref rowId);

        Assert.Equal(6, value);
        Assert.Equal(new DataViewRowId(1, 0), rowId);
    }

    [Fact]
    public void Column_NotAskedFor_IsInactiveAndHasNoGetter()
    {
        using var cursor = _data.GetRowCursor([_data.Schema["Text"]]);

        Assert.False(cursor.IsColumnActive(_data.Schema["Number"]));
        Assert.True(cursor.IsColumnActive(_data.Schema["Text"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<int>(_data.Schema["Number"]));
    }

    [Fact]
    public void Getter_OfAnotherType_NamesBoth()
    {
        using var cursor = _data.GetRowCursor(_data.Schema);

        var error = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<string>(_data.Schema["Text"]));

        Assert.Contains("System.String", error.Message, StringComparison.Ordinal);
        Assert.Contains("System.ReadOnlyMemory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Id_WithoutARow_Throws()
    {
        using var cursor = _data.GetRowCursor([]);
        var id = cursor.GetIdGetter();
        var value = default(DataViewRowId);

        Assert.Throws<InvalidOperationException>(() => id(ref value));
        while (cursor.MoveNext())
            id(ref value);
        Assert.Throws<InvalidOperationException>(() => id(ref value));
    }

    [Fact]
    public void MoveNext_AfterDispose_IsFalse()
    {
        var cursor = _data.GetRowCursor(_data.Schema);
        cursor.MoveNext();
        cursor.Dispose();
        cursor.Dispose();

        Assert.Equal(-1, cursor.Position);
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void CursorSet_OverObjects_IsOneCursor()
    {
        var cursor = Assert.Single(_data.GetRowCursorSet(_data.Schema, 4));
        using (cursor)
            Assert.True(cursor.MoveNext());
    }

    [Fact]
    public void Cursors_OfOneView_AreIndependent()
    {
        using var first = _data.GetRowCursor(_data.Schema);
        using var second = _data.GetRowCursor(_data.Schema);
        first.MoveNext();
        first.MoveNext();
        second.MoveNext();

        Assert.Equal((1, 0), (first.Position, second.Position));
    }

    [Fact]
    public void Column_OfAnotherSchema_IsRefusedWhenItsIndexIsTooLarge()
    {
        var builder = new DataViewSchema.Builder();
        for (var i = 0; i < 5; i++)
            builder.AddColumn($"Column{i}", NumberDataViewType.Int32);

        Assert.ThrowsAny<Exception>(() => _data.GetRowCursor([builder.ToSchema()[4]]));
    }

    [Fact]
    public void GetColumn_OfTextAndArrays_Converts()
    {
        Assert.Equal(["five", "six"], _data.GetColumn<string>("Text"));
        Assert.Equal(["five", "six"], _data.GetColumn<ReadOnlyMemory<char>>("Text").Select(text => text.ToString()));
        Assert.Equal([5, 6], _data.GetColumn<int>(_data.Schema["Number"]));
    }

    [Fact]
    public void GetColumn_ThatIsAbsent_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _data.GetColumn<string>("Absent"));
    }

    [Fact]
    public void GetColumn_OfAnotherType_NamesColumnAndType()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _data.GetColumn<long>("Number"));
        var vector = Assert.Throws<ArgumentOutOfRangeException>(() => _data.GetColumn<int[]>("Number"));

        Assert.Contains("Number", error.Message, StringComparison.Ordinal);
        Assert.Contains("System.Int64", error.Message, StringComparison.Ordinal);
        Assert.Contains("System.Int32[]", vector.Message, StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public int Number { get; set; }
        public string? Text { get; set; }
    }
}
