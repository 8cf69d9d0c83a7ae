using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Views;

/// <summary>Which rows go where is fixed by the seed, in every build of Microsoft.ML: experiments are repeated by it.</summary>
public sealed class SplitTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(1, 0.3, "2 9 10 12 13 21 28 33 34 35 37")]
    [InlineData(7, 0.3, "3 16 17 19 22 32 34 36")]
    [InlineData(42, 0.5, "5 6 8 9 10 11 18 20 21 25 28 31 32 35 37")]
    [InlineData(-1, 0.1, "25 37")]
    public void TrainTestSplit_WithASeed_ChoosesTheSameRowsEverywhere(int seed, double fraction, string expected)
    {
        var split = _ml.Data.TrainTestSplit(Numbers.Load(_ml, 40), fraction, seed: seed);

        Assert.Equal(expected, string.Join(" ", Numbers.Of(split.TestSet)));
        Assert.Equal(Enumerable.Range(0, 40), Numbers.Of(split.TestSet).Concat(Numbers.Of(split.TrainSet)).Order());
    }

    [Fact]
    public void TrainTestSplit_WithoutASeed_TakesTheContextsAndThen42()
    {
        static int[] Test(MLContext ml, int? seed) => Numbers.Of(ml.Data.TrainTestSplit(Numbers.Load(ml, 40), 0.3, seed: seed).TestSet);

        Assert.Equal(Test(_ml, 1), Test(_ml, null));
        Assert.Equal(Test(_ml, 42), Test(new MLContext(), null));
        Assert.NotEqual(Test(_ml, 1), Test(_ml, 42));
    }

    [Theory]
    [InlineData("Group", 1, "3 4 5 9 10 11 21 22 23 39")]
    [InlineData("Group", 2, "30 31 32 33 34 35 39")]
    [InlineData("Single", 3, "0 1 2 3 4 5 6 7 8 9 10 11")]
    [InlineData("Number", 3, "3 4 7 23 27 31 34")]
    public void TrainTestSplit_WithAKeyColumn_ChoosesTheSameRowsEverywhere(string key, int seed, string expected)
    {
        var split = _ml.Data.TrainTestSplit(Numbers.Load(_ml, 40), 0.3, samplingKeyColumnName: key, seed: seed);

        Assert.Equal(expected, string.Join(" ", Numbers.Of(split.TestSet)));
        Assert.Equal(Enumerable.Range(0, 40), Numbers.Of(split.TestSet).Concat(Numbers.Of(split.TrainSet)).Order());
    }

    [Theory]
    [InlineData("Bool", "0 2 4 6 8 10 | 1 3 5 7 9 11")]
    [InlineData("Byte", "1 5 6 | 0 2 3 4 7 8 9 10 11")]
    [InlineData("SByte", "2 4 5 7 8 10 11 | 0 1 3 6 9")]
    [InlineData("Short", "5 7 9 11 | 0 1 2 3 4 6 8 10")]
    [InlineData("UShort", "1 4 6 7 8 10 11 | 0 2 3 5 9")]
    [InlineData("UInt", "3 4 6 7 8 | 0 1 2 5 9 10 11")]
    [InlineData("Long", "2 4 8 | 0 1 3 5 6 7 9 10 11")]
    [InlineData("ULong", "1 6 10 11 | 0 2 3 4 5 7 8 9")]
    [InlineData("Double", "0 1 2 3 4 5 6 7 | 8 9 10 11")]
    [InlineData("Text", "0 2 8 9 10 | 3 4 5 6 7 11")]
    public void TrainTestSplit_WithAKeyColumnOfEachType_ChoosesTheSameRowsEverywhere(string key, string expected)
    {
        string[] texts = ["a", "", " a ", "é", "aé", "日本", "x日", "naïve façade", "four", "fives", "𝄞", "ééé"];
        var rows = texts.Select((text, i) => new EveryType
        {
            Row = i,
            Bool = i % 2 == 0,
            Byte = (byte)(i * 7),
            SByte = (sbyte)-i,
            Short = (short)(i * -3),
            UShort = (ushort)(i * 5000),
            UInt = (uint)i * 400_000_000,
            Long = i * -6_000_000_000,
            ULong = (ulong)i << 59,
            Double = i * i,
            Text = text,
        });

        var split = _ml.Data.TrainTestSplit(_ml.Data.LoadFromEnumerable(rows), 0.5, samplingKeyColumnName: key);

        Assert.Equal(expected, string.Join(" ", split.TestSet.GetColumn<int>("Row")) + " | " + string.Join(" ", split.TrainSet.GetColumn<int>("Row")));
    }

    [Fact]
    public void TrainTestSplit_WithAKeyColumn_KeepsGroupsTogether()
    {
        var split = _ml.Data.TrainTestSplit(Numbers.Load(_ml, 60), 0.4, samplingKeyColumnName: "Group");

        Assert.NotEmpty(split.TestSet.GetColumn<string>("Group"));
        Assert.Empty(split.TestSet.GetColumn<string>("Group").Intersect(split.TrainSet.GetColumn<string>("Group")));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void TrainTestSplit_OfKeyValues_DividesTheirRangeAndLosesMissingOnes(int key, bool inTrain)
    {
        var data = _ml.Data.LoadFromEnumerable([new Keyed { Key = key == 0 ? 9u : key == 1 ? 0u : 3u }]);

        var split = _ml.Data.TrainTestSplit(data, 0.5, samplingKeyColumnName: "Key");

        Assert.Equal(inTrain, split.TrainSet.GetColumn<uint>("Key").Any());
        Assert.Equal(key == 1, split.TestSet.GetColumn<uint>("Key").Any());
    }

    [Fact]
    public void TrainTestSplit_OfNotANumber_LosesTheRow()
    {
        var data = _ml.Data.LoadFromEnumerable([new Measured { Value = float.NaN }, new Measured { Value = 1 }, new Measured { Value = 2 }]);

        var split = _ml.Data.TrainTestSplit(data, 0.5, samplingKeyColumnName: "Value");

        Assert.Equal([1], split.TestSet.GetColumn<float>("Value"));
        Assert.Equal([2], split.TrainSet.GetColumn<float>("Value"));
    }

    [Fact]
    public void TrainTestSplit_Schema_IsTheInputs()
    {
        var data = Numbers.Load(_ml, 4);

        var split = _ml.Data.TrainTestSplit(data, 0.5);

        Assert.Equal(data.Schema.Select(column => column.ToString()), split.TrainSet.Schema.Select(column => column.ToString()));
        Assert.Null(split.TrainSet.GetRowCount());
        Assert.False(split.TestSet.CanShuffle);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    public void TrainTestSplit_WithAFractionOutOfRange_NamesIt(double fraction)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(Numbers.Load(_ml, 4), fraction));

        Assert.Equal("testFraction", error.ParamName);
    }

    [Fact]
    public void TrainTestSplit_WithAnAbsentKeyColumn_NamesIt()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Data.TrainTestSplit(Numbers.Load(_ml, 4), samplingKeyColumnName: "Absent"));

        Assert.Contains("'Absent'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TrainTestSplit_ReadsTheRowsInOrderWhateverIsAsked()
    {
        var split = _ml.Data.TrainTestSplit(_ml.Data.ShuffleRows(Numbers.Load(_ml, 40), seed: 5), 0.3, seed: 7);
        var schema = split.TestSet.Schema;

        using var cursor = split.TestSet.GetRowCursor(schema, new Random(3));
        using var set = Assert.Single(split.TestSet.GetRowCursorSet(schema, 3, new Random(3)));

        Assert.Equal(Numbers.Of(split.TestSet), Numbers.Of(cursor));
        Assert.Equal(Numbers.Of(split.TestSet), Numbers.Of(set));
    }

    [Fact]
    public void CrossValidationSplit_WithASeed_ChoosesTheSameRowsEverywhere()
    {
        var folds = _ml.Data.CrossValidationSplit(Numbers.Load(_ml, 40), numberOfFolds: 3, seed: 7);

        Assert.Equal("3 16 17 19 22 32 34 36 37", string.Join(" ", Numbers.Of(folds[0].TestSet)));
        Assert.Equal("0 2 5 6 8 9 10 12 13 14 26 29 30 33 35 39", string.Join(" ", Numbers.Of(folds[2].TestSet)));
        Assert.All(
            folds, fold => Assert.Equal(Enumerable.Range(0, 40), Numbers.Of(fold.TestSet).Concat(Numbers.Of(fold.TrainSet)).Order()));
        Assert.Equal(Enumerable.Range(0, 40), folds.SelectMany(fold => Numbers.Of(fold.TestSet)).Order());
    }

    [Fact]
    public void CrossValidationSplit_WithOneFold_NamesTheParameter()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CrossValidationSplit(Numbers.Load(_ml, 4), 1));

        Assert.Equal("numberOfFolds", error.ParamName);
    }

    private sealed class EveryType
    {
        public int Row { get; set; }
        public bool Bool { get; set; }
        public byte Byte { get; set; }
        public sbyte SByte { get; set; }
        public short Short { get; set; }
        public ushort UShort { get; set; }
        public uint UInt { get; set; }
        public long Long { get; set; }
        public ulong ULong { get; set; }
        public double Double { get; set; }
        public string Text { get; set; } = "";
    }

    private sealed class Keyed
    {
        [KeyType(4)]
        public uint Key { get; set; }
    }

    private sealed class Measured
    {
        public float Value { get; set; }
    }
}
