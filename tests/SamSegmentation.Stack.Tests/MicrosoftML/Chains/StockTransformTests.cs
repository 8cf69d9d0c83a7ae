using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Chains;

public sealed class StockTransformTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void CopyColumns_KeepsTypeAndAnnotations()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Key"].AddAnnotation("KeyValues", new[] { "a", "b" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        var data = _ml.Data.LoadFromEnumerable([new Row { Key = 1 }], definition);

        var copied = _ml.Transforms.CopyColumns("Copy", "Key").Fit(data).Transform(data);

        Assert.True(copied.Schema["Copy"].HasKeyValues());
        Assert.Equal([2u], copied.GetColumn<uint>("Copy"));
        Assert.Equal(["Numbers", "One", "Key", "Text", "Copy"], copied.Schema.Select(column => column.Name));
    }

    [Fact]
    public void CopyColumns_OverAnExistingName_HidesItRightBehindIt()
    {
        var data = Data();

        var copied = _ml.Transforms.CopyColumns("One", "Text").Fit(data).Transform(data);

        Assert.Equal(["Numbers", "One", "One", "Key", "Text"], copied.Schema.Select(column => column.Name));
        Assert.Equal([false, true, false, false, false], copied.Schema.Select(column => column.IsHidden));
        Assert.Equal(["t"], copied.GetColumn<string>("One"));
        Assert.Equal([3], copied.GetColumn<float>(copied.Schema[1]));
    }

    [Fact]
    public void CopyColumns_OfAnAbsentColumn_NamesIt()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.CopyColumns("Copy", "Absent").Fit(Data()));

        Assert.Contains("'Absent'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Concatenate_OfScalarsAndVectors_IsOneVectorWithSlotNames()
    {
        var data = Data();

        var joined = _ml.Transforms.Concatenate("All", "One", "Numbers").Fit(data).Transform(data);

        Assert.Equal("Vector<Single, 3>", joined.Schema["All"].Type.ToString());
        Assert.Equal([3, 1, 2], joined.GetColumn<float[]>("All").Single());
        VBuffer<ReadOnlyMemory<char>> names = default;
        joined.Schema["All"].GetSlotNames(ref names);
        Assert.Equal(["One", "", ""], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Concatenate_OfMostlyZeros_IsSparse()
    {
        var rows = new[] { new Wide { Values = new VBuffer<float>(20, 1, [5], [7]), One = 0 } };
        var definition = SchemaDefinition.Create(typeof(Wide));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 20);
        var data = _ml.Data.LoadFromEnumerable(rows, definition);

        var joined = _ml.Transforms.Concatenate("All", "Values", "One").Fit(data).Transform(data).GetColumn<VBuffer<float>>("All").Single();

        Assert.Equal(21, joined.Length);
        Assert.False(joined.IsDense);
        Assert.Equal(5, joined.GetItemOrDefault(7));
    }

    [Fact]
    public void Concatenate_OfDifferentTypes_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => new EstimatorChain<ITransformer>()
            .Append(_ml.Transforms.Concatenate("All", "One", "Text")).Fit(Data()));
        Assert.ThrowsAny<Exception>(() => _ml.Transforms.Concatenate("All", "One", "Text").Fit(Data()).Transform(Data()));
        Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.Concatenate("All"));
    }

    [Fact]
    public void SelectColumns_KeepsTheNamesInTheirOrder()
    {
        var data = Data();

        var selected = _ml.Transforms.SelectColumns("Text", "One").Fit(data).Transform(data);

        Assert.Equal(["Text", "One"], selected.Schema.Select(column => column.Name));
        Assert.Equal([3], selected.GetColumn<float>("One"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.SelectColumns("Absent").Fit(data).Transform(data));
    }

    [Fact]
    public void SelectColumns_AfterAHidingCopy_KeepsHiddenOnesWhenAsked()
    {
        var data = _ml.Transforms.CopyColumns("One", "Text").Fit(Data()).Transform(Data());

        var without = _ml.Transforms.SelectColumns(["One"], keepHidden: false).Fit(data).Transform(data);
        var with = _ml.Transforms.SelectColumns(["One"], keepHidden: true).Fit(data).Transform(data);

        Assert.Equal(["String"], without.Schema.Select(column => column.Type.ToString()));
        Assert.Equal(["Single", "String"], with.Schema.Select(column => column.Type.ToString()));
    }

    [Fact]
    public void DropColumns_LeavesTheOthers()
    {
        var data = Data();

        Assert.Equal(["Numbers", "Key"], _ml.Transforms.DropColumns("Text", "One").Fit(data).Transform(data).Schema.Select(column => column.Name));
    }

    [Fact]
    public void CustomMapping_AddsTheColumnsOfItsOutputClass()
    {
        var data = Data();
        var mapping = _ml.Transforms.CustomMapping<Row, Sum>((row, sum) => sum.Total = row.Numbers.Sum() + row.One, contractName: null);

        var mapped = mapping.Fit(data).Transform(data);

        Assert.Equal([6], mapped.GetColumn<float>("Total"));
        Assert.Equal(["Numbers", "One", "Key", "Text", "Total"], mapped.Schema.Select(column => column.Name));
    }

    [Fact]
    public void CustomMapping_RunsOncePerRowHoweverManyColumnsAreRead()
    {
        var runs = 0;
        var data = Data();
        var mapped = _ml.Transforms.CustomMapping<Row, Two>((row, two) => (two.First, two.Second) = (++runs, row.One), contractName: null)
            .Fit(data).Transform(data);
        using var cursor = mapped.GetRowCursor(mapped.Schema);
        var first = cursor.GetGetter<float>(mapped.Schema["First"]);
        var second = cursor.GetGetter<float>(mapped.Schema["Second"]);
        var value = 0f;

        cursor.MoveNext();
        first(ref value);
        second(ref value);
        first(ref value);

        Assert.Equal(1, runs);
        Assert.Equal(1, value);
    }

    [Fact]
    public void CustomMapping_WithoutItsInputColumn_NamesIt()
    {
        var data = _ml.Data.LoadFromEnumerable([new Sum()]);

        var error = Assert.ThrowsAny<Exception>(
            () => _ml.Transforms.CustomMapping<Row, Two>((_, _) => { }, contractName: null).Fit(data).Transform(data));

        Assert.Contains("Numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MappedView_AsksItsSourceOnlyForWhatIsNeeded()
    {
        var view = new RecordingView(Data());
        var copied = _ml.Transforms.CopyColumns("Copy", "One").Fit(view).Transform(view);

        _ = copied.GetColumn<float>("Copy").Single();
        _ = copied.GetColumn<string>("Text").Single();

        Assert.Equal([["One"], ["Text"]], view.Asked);
        Assert.Equal(2, view.Disposed);
        Assert.Equal(1, copied.GetRowCount());
    }

    private IDataView Data() => _ml.Data.LoadFromEnumerable([new Row()]);

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Numbers { get; set; } = [1, 2];

        public float One { get; set; } = 3;

        [KeyType(2)]
        public uint Key { get; set; }

        public string Text { get; set; } = "t";
    }

    private sealed class Wide
    {
        public VBuffer<float> Values { get; set; }
        public float One { get; set; }
    }

    private sealed class Sum
    {
        public float Total { get; set; }
    }

    private sealed class Two
    {
        public float First { get; set; }
        public float Second { get; set; }
    }
}
