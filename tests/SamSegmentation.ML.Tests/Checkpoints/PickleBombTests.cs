using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Tests.Checkpoints.Files;
using Xunit;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>Small pickles that would grow into much, by depth, by repetition or by reference.</summary>
public sealed class PickleBombTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(34)]
    [InlineData(100_000)]
    public void Open_DeepNesting_IsRefused(int depth)
    {
        AssertRefused(value => value.Repeat(depth, each => each.Op(']')).Repeat(depth - 1, each => each.Op('a')), "nested more than 32 deep");
        AssertRefused(value => value.Repeat(depth, each => each.Op('}').Text("a")).None().Repeat(depth, each => each.Op('s')), "nested more than 32 deep");
        AssertRefused(value => value.Op(')').Repeat(depth, each => each.Raw(0x85)), "nested more than 32 deep");
    }

    [Fact]
    public void Open_ContainersWithinThemselves_AreRefused()
    {
        AssertRefused(value => value.Op(']').Put(0).Get(0).Op('a'), "again and again");
        AssertRefused(value => value.Op('}').Put(0).Text("a").Get(0).Op('s'), "again and again");
        AssertRefused(value => value.Op('}').Put(0).Text("a").Op(']').Get(0).Op('a').Op('s'), "again and again");
        AssertRefused(value => value.Op(']').Put(0).Repeat(50, list => list.Get(0).Op('a')), "nested more than 32 deep");
    }

    [Theory]
    [InlineData(2, 31)]
    [InlineData(10, 9)]
    [InlineData(1000, 3)]
    public void Open_ListsOfOneListOften_AreRefused(int width, int levels) =>
        AssertRefused(value =>
        {
            value.List(list => list.Text("ha"));
            for (var level = 0; level < levels; level++)
                value.Put(0).Op('0').List(list => list.Repeat(width, each => each.Get(0)));
        }, "again and again");

    [Fact]
    public void Open_LongTextOften_IsRefused() =>
        AssertRefused(value => value.Text(new string('x', 1000)).Put(0).Op('0').Dict(items =>
        {
            // Each name below carries all the names above it.
            items.Get(0).Dict(one => one.Get(0).Dict(two => two.Get(0).List(list => list.Repeat(10_000, each => each.Op(')')))));
        }), "names and texts of more than");

    [Fact]
    public void Open_OrderedDictOfOneListOften_IsRefused() =>
        AssertRefused(value => value
            .List(pairs =>
            {
                for (var i = 0; i < 2000; i++)
                    pairs.List(pair => pair.Int(i).None());
            })
            .Raw(0x85).Put(0).Op('0').Global("collections", "OrderedDict").Put(1).Op('0')
            .List(list => list.Repeat(2000, each => each.Get(1).Get(0).Op('R'))), "the same ones again and again");

    [Fact]
    public void Open_TensorsOfOneLongSizeOften_AreRefused() =>
        AssertRefused(value => value
            .Tuple(size => size.Repeat(5000, each => each.Int(1))).Put(0).Op('0')
            .Storage("FloatStorage", "0", 1).Put(1).Op('0').Global("torch._utils", "_rebuild_tensor").Put(2).Op('0')
            .List(list => list.Repeat(2000, each => each.Get(2).Tuple(arguments => arguments.Get(1).Int(0).Get(0).Get(0)).Op('R'))), "dimensions");

    [Fact]
    public void Open_DevicesOfOneLongNameOften_AreRefused() =>
        AssertRefused(value => value
            .Tuple(arguments => arguments.Text(new string('x', 50_000)).Int(1)).Put(0).Op('0').Global("torch", "device").Put(1).Op('0')
            .List(list => list.Repeat(2000, each => each.Get(1).Get(0).Op('R'))), "does not take");

    [Fact]
    public void Open_VeryLongKey_IsRefused() =>
        // Every dictionary hashes all of its keys; one long key in many dictionaries would take hours.
        AssertRefused(value => value.Text(new string('x', 100_000)).Put(0).Op('0').Dict(items => items.Get(0).None()), "a key of 100000 characters");

    [Fact]
    public void Open_VeryLongStorageKey_IsRefused() =>
        AssertRefused(value => value.Dict(items => items.Text("x").Tensor("FloatStorage", new string('0', 1000), 1, 0, [1], [1])), "persistent identifier");

    [Theory]
    [InlineData('N')]
    [InlineData('(')]
    [InlineData(')')]
    [InlineData(']')]
    [InlineData('}')]
    [InlineData((char)0x94)]
    public void Open_EndlessInstructions_AreRefused(char opcode) =>
        AssertRefused(value => value.Op(']').Repeat(3_000_000, each => each.Op(opcode)), "instructions");

    [Fact]
    public void Open_ManyViewsThatRepeatOneElement_AreRefused()
    {
        // Each would pass for a tensor as large as the file; a network built by their shapes would be a thousand times larger.
        var path = _folder.Write("x.pth", PthFiles.Zip(
            value => value.Dict(items =>
            {
                for (var i = 0; i < 1000; i++)
                    items.Text($"{i}").Tensor("FloatStorage", "0", 50_000, 0, [50_000], [0]);
            }),
            ("0", new byte[200_000])));
        HostileFile.AssertRefused(path, "tensor '", "more than 16 times the file's");
    }

    [Fact]
    public void Open_ManyTextsFromOneMemo_CostWhatTheFileTakes()
    {
        // Sound, if odd: ten thousand names of one text each.
        var path = _folder.Write("x.pth", PthFiles.Zip(value => value.Text("same").Put(0).Op('0').Dict(items =>
        {
            for (var i = 0; i < 10_000; i++)
                items.Int(i).Get(0);
        })));

        using var checkpoint = Checkpoint.Open(path);

        Assert.Equal(10_000, checkpoint.Metadata.Count);
    }

    private void AssertRefused(Action<PickleWriter> value, string reason) =>
        HostileFile.AssertRefused(_folder.Write("x.pth", PthFiles.Zip(value, ("0", PthFiles.Storage(1f)))), "", reason);
}
