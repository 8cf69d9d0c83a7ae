using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Rows;

public sealed class CreateEnumerableTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Values_OfEveryKind_ComeBackAsTheyWent()
    {
        var row = new Everything
        {
            Text = "one",
            Numbers = [1, 2, 3],
            Names = ["a", ""],
            Buffer = new VBuffer<double>(5, 2, [7, 8], [1, 4]),
            Time = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc),
            Truth = true,
        };

        var back = Assert.Single(_ml.Data.CreateEnumerable<Everything>(_ml.Data.LoadFromEnumerable([row]), reuseRowObject: false));

        Assert.Equal("one", back.Text);
        Assert.Equal([1, 2, 3], back.Numbers!);
        Assert.Equal(["a", ""], back.Names!);
        Assert.False(back.Buffer.IsDense);
        Assert.Equal([0, 7, 0, 0, 8], back.Buffer.DenseValues());
        Assert.Equal(row.Time, back.Time);
        Assert.True(back.Truth);
    }

    [Fact]
    public void Values_ThatAreNull_ComeBackNullOrEmpty()
    {
        var back = Assert.Single(
            _ml.Data.CreateEnumerable<Everything>(_ml.Data.LoadFromEnumerable([new Everything()]), reuseRowObject: false));

        Assert.Equal("", back.Text);
        // Nothing is filled where the member already has the right length: none.
        Assert.Null(back.Numbers);
        Assert.Null(back.Names);
    }

    [Fact]
    public void Sparse_IntoAnArray_IsDense()
    {
        var data = _ml.Data.LoadFromEnumerable([new Sparse { Values = new VBuffer<float>(4, 1, [5], [2]) }]);

        var back = Assert.Single(_ml.Data.CreateEnumerable<Dense>(data, reuseRowObject: false));

        Assert.Equal([0, 0, 5, 0], back.Values!);
    }

    [Fact]
    public void Rows_WithReuse_AreOneObjectAndWithoutDifferentOnes()
    {
        var data = _ml.Data.LoadFromEnumerable([new Dense { Values = [1] }, new Dense { Values = [2] }]);

        var reused = _ml.Data.CreateEnumerable<Dense>(data, reuseRowObject: true).ToArray();
        var fresh = _ml.Data.CreateEnumerable<Dense>(data, reuseRowObject: false).ToArray();

        Assert.Same(reused[0], reused[1]);
        Assert.Equal([2], reused[0].Values!);
        Assert.NotSame(fresh[0], fresh[1]);
        Assert.NotSame(fresh[0].Values, fresh[1].Values);
        Assert.Equal([1], fresh[0].Values!);
    }

    [Fact]
    public void Arrays_WithReuse_AreFilledAgainWhereTheLengthFits()
    {
        var data = _ml.Data.LoadFromEnumerable(
            [new Dense { Values = [1, 2] }, new Dense { Values = [3, 4] }, new Dense { Values = [5] }]);

        var arrays = _ml.Data.CreateEnumerable<Dense>(data, reuseRowObject: true).Select(row => row.Values!).ToArray();

        Assert.Same(arrays[0], arrays[1]);
        Assert.NotSame(arrays[1], arrays[2]);
    }

    [Fact]
    public void MissingColumn_WithoutLeave_IsNamed()
    {
        var data = _ml.Data.LoadFromEnumerable([new Dense { Values = [1] }]);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<Everything>(data, reuseRowObject: false));

        Assert.Contains("'Text'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingColumn_WithLeave_KeepsTheMembersOwnValue()
    {
        var data = _ml.Data.LoadFromEnumerable([new Dense { Values = [1] }]);

        var back = Assert.Single(_ml.Data.CreateEnumerable<WithDefault>(data, reuseRowObject: false, ignoreMissingColumns: true));

        Assert.Equal([1], back.Values!);
        Assert.Equal("own", back.Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WrongType_IsNamedAtOnce(bool scalar)
    {
        var data = _ml.Data.LoadFromEnumerable([new Dense { Values = [1] }]);

        var error = Assert.Throws<InvalidOperationException>(() => scalar
            ? (object)_ml.Data.CreateEnumerable<ScalarValues>(data, reuseRowObject: false)
            : _ml.Data.CreateEnumerable<DoubleValues>(data, reuseRowObject: false));

        Assert.Contains("'Values'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Vector<Single", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_CountFromZeroInRowsAndFromOneInColumns()
    {
        var data = _ml.Data.LoadFromEnumerable([new Keyed { Key = 0 }, new Keyed { Key = 2 }, new Keyed { Key = 3 }]);

        Assert.Equal([1u, 3u, 0u], data.GetColumn<uint>("Key"));
        Assert.Equal([1u, 3u, 0u], _ml.Data.CreateEnumerable<Keyed>(data, reuseRowObject: false).Select(row => row.Key));
    }

    [Fact]
    public void KeyVectors_AreTakenAsTheyAre()
    {
        var data = _ml.Data.LoadFromEnumerable([new KeyedVector { Keys = [0, 1, 3] }]);

        Assert.Equal([0u, 1u, 3u], data.GetColumn<uint[]>("Keys").Single());
    }

    [Fact]
    public void ColumnNames_ThatDifferFromTheMembers_BindBothWays()
    {
        var data = _ml.Data.LoadFromEnumerable([new Renamed { Member = 4 }]);

        Assert.Equal("Column", Assert.Single(data.Schema).Name);
        Assert.Equal(4, Assert.Single(_ml.Data.CreateEnumerable<Renamed>(data, reuseRowObject: false)).Member);
    }

    [Fact]
    public void Enumeration_ThatEndsEarly_DisposesTheCursor()
    {
        var view = new RecordingView(_ml.Data.LoadFromEnumerable([new Dense { Values = [1] }, new Dense { Values = [2] }]));

        _ = _ml.Data.CreateEnumerable<Dense>(view, reuseRowObject: false).First();

        Assert.Equal(1, view.Disposed);
        Assert.Equal(["Values"], view.Asked.Single());
    }

    private sealed class Everything
    {
        public string? Text { get; set; }
        public int[]? Numbers { get; set; }
        public string[]? Names { get; set; }
        public VBuffer<double> Buffer { get; set; }
        public DateTime Time { get; set; }
        public bool Truth { get; set; }
    }

    private sealed class Dense
    {
        public float[]? Values { get; set; }
    }

    private sealed class Sparse
    {
        public VBuffer<float> Values { get; set; }
    }

    private sealed class WithDefault
    {
        public float[]? Values { get; set; }
        public string Text { get; set; } = "own";
    }

    private sealed class ScalarValues
    {
        public float Values { get; set; }
    }

    private sealed class DoubleValues
    {
        public double[]? Values { get; set; }
    }

    private sealed class Keyed
    {
        [KeyType(3)]
        public uint Key { get; set; }
    }

    private sealed class KeyedVector
    {
        [KeyType(3)]
        public uint[]? Keys { get; set; }
    }

    private sealed class Renamed
    {
        [ColumnName("Column")]
        public int Member { get; set; }
    }
}
