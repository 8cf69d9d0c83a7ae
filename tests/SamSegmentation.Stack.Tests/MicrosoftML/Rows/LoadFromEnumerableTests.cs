using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Rows;

public sealed class LoadFromEnumerableTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void RowCount_OfACollection_IsItsCountAndOfAnIteratorUnknown()
    {
        Assert.Equal(3, _ml.Data.LoadFromEnumerable(new Row[3]).GetRowCount());
        Assert.Null(_ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(_ => new Row())).GetRowCount());
        Assert.False(_ml.Data.LoadFromEnumerable(new Row[3]).CanShuffle);
    }

    [Fact]
    public void Cursor_OverANullRow_Throws()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row(), null!]);
        using var cursor = data.GetRowCursor(data.Schema);

        Assert.True(cursor.MoveNext());
        var error = Assert.Throws<InvalidOperationException>(() => cursor.MoveNext());
        Assert.Contains("null", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfNull_NamesTheParameter()
    {
        Assert.Equal("data", Assert.Throws<ArgumentNullException>(() => _ml.Data.LoadFromEnumerable<Row>(null!)).ParamName);
    }

    [Fact]
    public void Load_EachCursor_EnumeratesAnew()
    {
        var enumerations = 0;
        var data = _ml.Data.LoadFromEnumerable(Rows());

        Assert.Equal(0, enumerations);
        Assert.Equal([0, 1], data.GetColumn<int>("Int"));
        Assert.Equal([0, 1], data.GetColumn<int>("Int"));
        Assert.Equal(2, enumerations);

        IEnumerable<Row> Rows()
        {
            enumerations++;
            yield return new Row { Int = 0 };
            yield return new Row { Int = 1 };
        }
    }

    [Fact]
    public void Load_WithASchema_TakesItsTypesAndAnnotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Unit", TextDataViewType.Instance, "metre".AsMemory());
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Values", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());

        var schema = _ml.Data.LoadFromEnumerable([new TwoFloats()], builder.ToSchema()).Schema;

        Assert.Equal("Vector<Single, 2>", schema["Values"].Type.ToString());
        ReadOnlyMemory<char> unit = default;
        schema["Values"].Annotations.GetValue("Unit", ref unit);
        Assert.Equal("metre", unit.ToString());
    }

    [Fact]
    public void Load_WithASchemaThatTheClassLacks_NamesTheColumn()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Absent", NumberDataViewType.Single);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Data.LoadFromEnumerable([new TwoFloats()], builder.ToSchema()));
        Assert.Contains("Absent", error.Message, StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public int Int { get; set; }
    }

    private sealed class TwoFloats
    {
        public float[] Values { get; set; } = [1, 2];
    }
}
