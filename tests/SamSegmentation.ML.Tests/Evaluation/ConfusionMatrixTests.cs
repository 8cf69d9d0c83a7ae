using FsCheck;
using FsCheck.Fluent;
using SamSegmentation.ML.Evaluation;
using Xunit;

namespace SamSegmentation.ML.Tests.Evaluation;

public class ConfusionMatrixTests
{
    private static readonly ushort[] s_truth = [0, 0, 1, 1, 2, 255];
    private static readonly ushort[] s_prediction = [0, 1, 1, 1, 0, 2];

    [Fact]
    public void Add_SmallMap_CountsEachPair()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add(s_truth, s_prediction);

        Assert.Equal([1, 1, 0, 0, 2, 0, 1, 0, 0], Counts(matrix));
        Assert.Equal(5, matrix.Pixels);
        Assert.Equal(1, matrix.IgnoredPixels);
    }

    [Fact]
    public void Add_Bytes_CountsLikeUshorts()
    {
        var random = new Random(3);
        byte[] truth = [.. Enumerable.Range(0, 10_007).Select(_ => random.Next(10) == 0 ? (byte)255 : (byte)random.Next(21))];
        byte[] prediction = [.. truth.Select(_ => (byte)random.Next(21))];
        var fromBytes = new ConfusionMatrix(21);
        var fromUshorts = new ConfusionMatrix(21);

        fromBytes.Add(truth, prediction);
        fromUshorts.Add(Widen(truth), Widen(prediction));

        Assert.Equal(10_007, fromBytes.Pixels + fromBytes.IgnoredPixels);
        Assert.Equal(Counts(fromUshorts), Counts(fromBytes));
    }

    [Fact]
    public void Add_PixelsCountedElsewhere_AreThoseOfTheMap()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add(0, 1, 5);
        matrix.Add(0, 1, 2);
        matrix.Add(2, 0, 3_000_000_000);

        Assert.Equal([0, 7, 0, 0, 0, 0, 3_000_000_000, 0, 0], Counts(matrix));
        Assert.Equal(3_000_000_007, matrix.Pixels);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add(3, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add(0, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add(0, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(3, ignoreId: 1).Add(1, 0, 1));
    }

    // Every way of being longer or shorter than a vector or a chunk.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(4099)]
    public void Add_AnyLength_EqualsSlowCount(int length)
    {
        var random = new Random(length);
        foreach (int classes in new[] { 1, 2, 21, 254, 256, 257, 1000 })
        {
            ushort[] truth = [.. Enumerable.Range(0, length).Select(_ => (ushort)random.Next(classes))];
            ushort[] prediction = [.. truth.Select(_ => (ushort)random.Next(classes))];
            var matrix = new ConfusionMatrix(classes, ignoreId: -1);
            matrix.Add(truth, prediction);

            var slow = new long[classes * classes];
            for (int i = 0; i < length; i++)
                slow[truth[i] * classes + prediction[i]]++;
            Assert.Equal(slow, Counts(matrix));
        }
    }

    // Runs of equal pairs are counted at once: some that fill vectors, some that end inside one, of ids that fit a byte.
    [Fact]
    public void Add_AnyRuns_EqualsSlowCount()
    {
        var run = Gen.Choose(1, 150).SelectMany(length => Gen.Choose(0, 6), (length, truth) => (length, truth))
            .SelectMany(one => Gen.Choose(0, 4), (one, prediction) => (one.length, one.truth, prediction));
        var ignored = Gen.Elements(-1, 0, 3, 255, 300);
        var maps = Gen.Choose(1, 40).SelectMany(count => Gen.ArrayOf(run, count)).SelectMany(_ => ignored, (runs, ignore) => (runs, ignore));

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(7, 11),
            Prop.ForAll(maps.ToArbitrary(), map =>
            {
                const int Classes = 5;
                // Truths past the classes are ignored, if anything is that a class is not.
                ushort TruthOf(int id) => (ushort)(id < Classes ? id : map.ignore is 255 ? 255 : Classes - 1);
                ushort[] truth = [.. map.runs.SelectMany(one => Enumerable.Repeat(TruthOf(one.truth), one.length))];
                ushort[] prediction = [.. map.runs.SelectMany(one => Enumerable.Repeat((ushort)one.prediction, one.length))];
                var slow = new long[Classes * Classes];
                for (int i = 0; i < truth.Length; i++)
                {
                    if (truth[i] != map.ignore)
                        slow[truth[i] * Classes + prediction[i]]++;
                }

                var (wide, narrow) = (new ConfusionMatrix(Classes, map.ignore), new ConfusionMatrix(Classes, map.ignore));
                wide.Add(truth, prediction);
                narrow.Add(Array.ConvertAll(truth, id => (byte)id), Array.ConvertAll(prediction, id => (byte)id));

                Assert.Equal(slow, Counts(wide));
                Assert.Equal(slow, Counts(narrow));
                Assert.Equal(truth.Length - slow.Sum(), wide.IgnoredPixels);
                Assert.Equal(truth.Length - slow.Sum(), narrow.IgnoredPixels);
            }));
    }

    // A byte has no room for these ids: none of its values is beyond the classes, or ignored.
    [Fact]
    public void Add_BytesWithManyClasses_CountsAll()
    {
        var matrix = new ConfusionMatrix(1000, ignoreId: 511);
        byte[] ids = [.. Enumerable.Range(0, 256).Select(id => (byte)id)];

        matrix.Add(ids, ids);

        Assert.All(ids, id => Assert.Equal(1, matrix[id, id]));
        Assert.Equal(256, matrix.Pixels);
    }

    [Fact]
    public void Add_InPieces_EqualsWhole()
    {
        var random = new Random(5);
        ushort[] truth = [.. Enumerable.Range(0, 5000).Select(_ => (ushort)random.Next(7))];
        ushort[] prediction = [.. truth.Select(_ => (ushort)random.Next(7))];
        var whole = new ConfusionMatrix(7);
        var pieces = new ConfusionMatrix(7);

        whole.Add(truth, prediction);
        for (int start = 0; start < truth.Length; start += 333)
        {
            int length = Math.Min(333, truth.Length - start);
            pieces.Add(truth.AsSpan(start, length), prediction.AsSpan(start, length));
        }

        Assert.Equal(Counts(whole), Counts(pieces));
    }

    [Theory]
    [InlineData("truth", 21, " and is not the ignored id 255")]
    [InlineData("prediction", 255, "")]
    public void Add_IdOutOfRange_ThrowsWithPositionAndValueAndCountsNothing(string side, int id, string reason)
    {
        foreach (var position in new[] { 0, 31, 2049, 4999 })
        {
            var matrix = new ConfusionMatrix(21);
            var (wrong, sound) = (new byte[5000], new byte[5000]);
            wrong[position] = (byte)id;

            var error = Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add(side == "truth" ? wrong : sound, side == "truth" ? sound : wrong));

            Assert.Equal((side, (ushort)id), (error.ParamName, error.ActualValue));
            Assert.Contains($"{side} id {id} at position {position} is outside 0..20{reason}", error.Message);
            Assert.All(Counts(matrix), count => Assert.Equal(0, count));
        }
    }

    [Fact]
    public void Add_LargestIds_AreOutOfRange()
    {
        var matrix = new ConfusionMatrix(ConfusionMatrix.MaxClasses);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add([ushort.MaxValue], [(ushort)0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add([(ushort)0], [ushort.MaxValue]));
        matrix.Add([(ushort)4095], [(ushort)4095]);
        Assert.Equal(1, matrix[4095, 4095]);
    }

    [Fact]
    public void Add_PredictionWhereTruthIsIgnored_MayBeAnything()
    {
        var matrix = new ConfusionMatrix(3);
        var truth = new ushort[100];
        var prediction = new ushort[100];
        Array.Fill(truth, (ushort)255, 10, 50);
        Array.Fill(prediction, (ushort)999, 10, 50);

        matrix.Add(truth, prediction);

        Assert.Equal(50, matrix[0, 0]);
        Assert.Equal(50, matrix.Pixels);
        Assert.Equal(50, matrix.IgnoredPixels);
    }

    [Fact]
    public void Add_IgnoredIdInsideTheClasses_LeavesThatClassOut()
    {
        var matrix = new ConfusionMatrix(3, ignoreId: 0);
        matrix.Add(new ushort[] { 0, 1, 2, 0 }, new ushort[] { 0, 0, 2, 1 });

        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0, 1], Counts(matrix));
    }

    [Fact]
    public void Add_NothingIgnored_CountsId255()
    {
        var matrix = new ConfusionMatrix(256, ignoreId: -1);
        matrix.Add(new byte[] { 255, 0 }, new byte[] { 255, 255 });

        Assert.Equal(1, matrix[255, 255]);
        Assert.Equal(1, matrix[0, 255]);
    }

    [Fact]
    public void Add_DifferentLengths_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2).Add(new byte[3], new byte[4]));
        Assert.Contains("found 3 and 4", error.Message);
    }

    [Fact]
    public void Merge_TwoHalves_EqualsOneMatrix()
    {
        var whole = new ConfusionMatrix(3);
        whole.Add(s_truth, s_prediction);
        var first = new ConfusionMatrix(3);
        first.Add(s_truth.AsSpan(0, 2), s_prediction.AsSpan(0, 2));
        var second = new ConfusionMatrix(3);
        second.Add(s_truth.AsSpan(2), s_prediction.AsSpan(2));

        first.Merge(second);

        Assert.Equal(Counts(whole), Counts(first));
        Assert.Equal(1, first.IgnoredPixels);
    }

    [Fact]
    public void Merge_OtherClassesOrIgnoredId_Throws()
    {
        var matrix = new ConfusionMatrix(3);
        Assert.Contains("4 classes", Assert.Throws<ArgumentException>(() => matrix.Merge(new ConfusionMatrix(4))).Message);
        Assert.Contains("ignoring 0", Assert.Throws<ArgumentException>(() => matrix.Merge(new ConfusionMatrix(3, 0))).Message);
    }

    [Theory]
    [InlineData(0, 255)]
    [InlineData(-1, 255)]
    [InlineData(4097, 255)]
    [InlineData(21, -2)]
    [InlineData(21, 65536)]
    public void Constructor_OutOfRange_Throws(int classes, int ignoreId) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(classes, ignoreId));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(3, 0)]
    [InlineData(0, 3)]
    public void Indexer_OutOfRange_Throws(int truth, int prediction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(3)[truth, prediction]);

    [Fact]
    public void Add_WarmedUp_AllocatesNothing()
    {
        var matrix = new ConfusionMatrix(21);
        var ids = new byte[100_000];
        matrix.Add(ids, ids);

        long before = GC.GetAllocatedBytesForCurrentThread();
        matrix.Add(ids, ids);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(200_000, matrix.Pixels);
    }

    internal static long[] Counts(ConfusionMatrix matrix) =>
        [.. from truth in Enumerable.Range(0, matrix.Classes) from prediction in Enumerable.Range(0, matrix.Classes) select matrix[truth, prediction]];

    private static ushort[] Widen(byte[] ids) => [.. ids.Select(id => (ushort)id)];
}
