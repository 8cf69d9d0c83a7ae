using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Tests.Checkpoints.Files;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>What torch.save can write beside plain state dictionaries, in both of its formats.</summary>
public sealed class PthReadingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(DTypes))]
    public void Read_EveryDType_GivesTheStoredValues(bool zip, string type, ScalarType dtype, byte[] bytes)
    {
        using var checkpoint = Open(zip, value => value.Dict(items => items.Text("x").Tensor(type, "0", 3, 0, [3], [1])), ("0", 3, bytes));

        Assert.Equal(zip ? CheckpointFormat.PyTorchZip : CheckpointFormat.PyTorchLegacy, checkpoint.Format);
        Assert.Equal(dtype, checkpoint.Entries["x"].DType);
        using var scope = NewDisposeScope();
        var read = checkpoint.Read("x");
        Assert.Equal(dtype, read.dtype);
        float[] expected = dtype is ScalarType.Bool or ScalarType.Byte ? [1, 0, 1] : [1, -2, 0.5f];
        Assert.Equal(dtype.ToString().Contains("Int") ? [1, -2, 0] : expected, read.to_type(ScalarType.Float32).data<float>().ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_ViewsOfOneStorage_FollowOffsetAndStrides(bool zip)
    {
        var data = PthFiles.Storage(Enumerable.Range(0, 24).Select(i => (float)i).ToArray());
        using var checkpoint = Open(
            zip,
            value => value.Dict(items => items
                .Text("whole").Tensor("FloatStorage", "0", 24, 0, [4, 6], [6, 1])
                .Text("transposed").Tensor("FloatStorage", "0", 24, 0, [6, 4], [1, 6])
                .Text("part").Tensor("FloatStorage", "0", 24, 8, [2, 3], [6, 1])
                .Text("every second").Tensor("FloatStorage", "0", 24, 1, [5], [2])
                .Text("repeated").Tensor("FloatStorage", "0", 24, 23, [2, 2], [0, 0])
                .Text("scalar").Tensor("FloatStorage", "0", 24, 7, [], [])
                .Text("one").Tensor("FloatStorage", "0", 24, 9, [1, 1], [17, 99])
                .Text("empty").Tensor("FloatStorage", "0", 24, 24, [0, 5], [5, 1])),
            ("0", 24, data));

        AssertRead(checkpoint, "whole", [4, 6], [.. Enumerable.Range(0, 24).Select(i => (float)i)]);
        AssertRead(checkpoint, "transposed", [6, 4], [.. from column in Enumerable.Range(0, 6) from row in Enumerable.Range(0, 4) select (float)(6 * row + column)]);
        AssertRead(checkpoint, "part", [2, 3], [8, 9, 10, 14, 15, 16]);
        AssertRead(checkpoint, "every second", [5], [1, 3, 5, 7, 9]);
        AssertRead(checkpoint, "repeated", [2, 2], [23, 23, 23, 23]);
        AssertRead(checkpoint, "scalar", [], [7]);
        AssertRead(checkpoint, "one", [1, 1], [9]);
        AssertRead(checkpoint, "empty", [0, 5], []);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_TrainingState_JoinsNamesAndKeepsTexts(bool zip)
    {
        using var checkpoint = Open(
            zip,
            value => value.Dict(items => items
                .Text("model").OrderedDict(state => state.Text("a.weight").Tensor("FloatStorage", "0", 2, 0, [2], [1]))
                // What torch.save adds to a state_dict: its attribute _metadata.
                .Dict(attributes => attributes.Text("_metadata").OrderedDict(metadata => metadata.Text("").Dict(version => version.Text("version").Int(1)))).Op('b')
                .Text("optimizer").Dict(state => state
                    .Text("state").Dict(momenta => momenta.Int(0).Dict(first => first.Text("step").Int(70_000)))
                    .Text("param_groups").List(groups => groups.Dict(group => group.Text("lr").Double(0.25).Text("params").Ints(0))))
                .Text("epoch").Int(-3)
                .Text("big").Long(System.Numerics.BigInteger.Pow(2, 70))
                .Text("done").Bool(true)
                .Text("nothing").None()
                .Text("device").Call("torch", "device", arguments => arguments.Text("cuda").Int(1))
                .Text("dtype").Global("torch", "float16")
                .Text("name").Text("größer")),
            ("0", 2, PthFiles.Storage(1f, 2f)));

        Assert.Equal(["model.a.weight"], checkpoint.Entries.Keys);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["optimizer.state.0.step"] = "70000",
                ["optimizer.param_groups.0.lr"] = "0.25",
                ["optimizer.param_groups.0.params.0"] = "0",
                ["epoch"] = "-3",
                ["big"] = "1180591620717411303424",
                ["done"] = "True",
                ["device"] = "cuda:1",
                ["dtype"] = "torch.float16",
                ["name"] = "größer",
            },
            checkpoint.Metadata);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_ParametersTiedWeightsAndMemo_AreTheSameTensor(bool zip)
    {
        using var checkpoint = Open(
            zip,
            value => value.Dict(items => items
                .Text("a").Call("torch._utils", "_rebuild_parameter", arguments => arguments
                    .Tensor("FloatStorage", "0", 2, 0, [2], [1]).Put(7).Bool(true).OrderedDict(_ => { }))
                .Text("b").Get(7)
                .Text("c").Call("torch._utils", "_rebuild_tensor", arguments => arguments
                    .Storage("FloatStorage", "0", 2).Int(1).Call("torch", "Size", size => size.Ints(1)).Ints(1))),
            ("0", 2, PthFiles.Storage(1f, 2f)));

        AssertRead(checkpoint, "a", [2], [1, 2]);
        AssertRead(checkpoint, "b", [2], [1, 2]);
        AssertRead(checkpoint, "c", [1], [2]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_NumbersAsLongs_AreWholeNumbersLikeOthers(bool zip)
    {
        // Python 2 writes its long type so whatever the value, and a size of more than 31 bits has no other form.
        using var checkpoint = Open(
            zip,
            value => value.Dict(items => items
                .Long(0).Call("torch._utils", "_rebuild_tensor", arguments => arguments
                    .Tuple(id => id.Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Long(3)).Op('Q')
                    .Long(1).Tuple(size => size.Long(2)).Tuple(stride => stride.Long(1)))
                .Text("step").Long(5_000_000_000)),
            ("0", 3, PthFiles.Storage(1f, 2f, 3f)));

        AssertRead(checkpoint, "0", [2], [2, 3]);
        Assert.Equal("5000000000", checkpoint.Metadata["step"]);
    }

    [Fact]
    public void Read_LegacyViewOfAStorage_BeginsAtTheView()
    {
        using var checkpoint = Open(
            zip: false,
            value => value.Dict(items => items.Text("x").Call("torch._utils", "_rebuild_tensor", arguments => arguments
                .Storage("FloatStorage", "0", 6, view => view.Tuple(part => part.Text("view key").Int(2).Int(3)))
                .Int(1).Ints(2).Ints(1))),
            ("0", 6, PthFiles.Storage(0f, 1, 2, 3, 4, 5)));

        AssertRead(checkpoint, "x", [2], [3, 4]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Open_LaterProtocols_AreRead(byte protocol)
    {
        var pickle = new PickleWriter(protocol);
        if (protocol == 4)
            pickle.Raw(0x95, 200, 0, 0, 0, 0, 0, 0, 0); // FRAME, whose length nobody needs
        pickle.Op('}').Raw(0x94) // MEMOIZE
            .Raw(0x8c, 1).Op('x') // SHORT_BINUNICODE
            .Raw(0x8c, 5).Raw("torch"u8).Raw(0x8c, 7).Raw("float32"u8).Raw(0x93) // STACK_GLOBAL
            .Op('s')
            .Raw(0x8d, 1, 0, 0, 0, 0, 0, 0, 0).Op('y').Op(')').Op('s')
            .Op('U').Raw(1).Op('z').Op('C').Raw(2, 9, 9).Op('s');
        var path = _folder.Write("x.pth", ZipWriter.Archive(PthFiles.Parts(pickle.Stop())));

        using var checkpoint = Checkpoint.Open(path);

        Assert.Equal("torch.float32", Assert.Single(checkpoint.Metadata).Value);
        Assert.Empty(checkpoint.Entries);
    }

    [Fact]
    public void Open_Zip64AndCommentAndNoFolder_IsRead()
    {
        var pickle = PthFiles.Pickle(value => value.Dict(items => items.Text("x").Tensor("LongStorage", "k", 1, 0, [], [])));
        byte[] wide = [1, 0, 24, 0, .. BitConverter.GetBytes(8L), .. BitConverter.GetBytes(8L), .. BitConverter.GetBytes((long)(30 + "data.pkl".Length + pickle.Length))];
        ZipPart[] parts =
        [
            new("data.pkl", pickle),
            new("data/k", PthFiles.Storage(42L)) { Length = uint.MaxValue, UnpackedLength = uint.MaxValue, Offset = uint.MaxValue, Extra = wide },
            new("byteorder", "little"u8.ToArray()),
            new("unused", new byte[9]) { Method = 8 },
        ];
        var path = _folder.Write("x.pth", new ZipWriter { Zip64 = true, Comment = "PK\x05\x06 is no end"u8.ToArray() }.Build(parts));

        using var checkpoint = Checkpoint.Open(path);

        using var read = checkpoint.Read("x");
        Assert.Equal(42, read.item<long>());
    }

    public static TheoryData<bool, string, ScalarType, byte[]> DTypes()
    {
        var data = new TheoryData<bool, string, ScalarType, byte[]>();
        foreach (var zip in new[] { true, false })
        {
            data.Add(zip, "DoubleStorage", ScalarType.Float64, PthFiles.Storage(1.0, -2, 0.5));
            data.Add(zip, "FloatStorage", ScalarType.Float32, PthFiles.Storage(1f, -2, 0.5f));
            data.Add(zip, "HalfStorage", ScalarType.Float16, PthFiles.Storage((Half)1, (Half)(-2), (Half)0.5));
            data.Add(zip, "BFloat16Storage", ScalarType.BFloat16, [0x80, 0x3f, 0x00, 0xc0, 0x00, 0x3f]);
            data.Add(zip, "LongStorage", ScalarType.Int64, PthFiles.Storage(1L, -2, 0));
            data.Add(zip, "IntStorage", ScalarType.Int32, PthFiles.Storage(1, -2, 0));
            data.Add(zip, "ShortStorage", ScalarType.Int16, PthFiles.Storage<short>(1, -2, 0));
            data.Add(zip, "CharStorage", ScalarType.Int8, PthFiles.Storage<sbyte>(1, -2, 0));
            data.Add(zip, "ByteStorage", ScalarType.Byte, [1, 0, 1]);
            // Any byte but 0 is true, and libtorch's bool must not hold another than 1.
            data.Add(zip, "BoolStorage", ScalarType.Bool, [1, 0, 2]);
        }
        return data;
    }

    private Checkpoint Open(bool zip, Action<PickleWriter> value, params (string Key, long Count, byte[] Data)[] storages) =>
        Checkpoint.Open(_folder.Write("x.pth", zip
            ? PthFiles.Zip(value, storages.Select(storage => (storage.Key, storage.Data)))
            : PthFiles.Legacy(value, storages)));

    private static void AssertRead(Checkpoint checkpoint, string name, long[] shape, float[] values)
    {
        Assert.Equal(shape, checkpoint.Entries[name].Shape);
        using var read = checkpoint.Read(name);
        Assert.Equal(shape, read.shape);
        Assert.True(read.is_contiguous());
        // Old versions of TorchSharp cannot read the data of a tensor without elements.
        Assert.Equal(values, read.numel() == 0 ? [] : read.data<float>().ToArray());
    }
}
