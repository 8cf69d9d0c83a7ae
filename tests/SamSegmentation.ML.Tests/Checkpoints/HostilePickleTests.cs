using System.Numerics;
using SamSegmentation.ML.Tests.Checkpoints.Files;
using Xunit;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>Pickles that ask for what a checkpoint needs not: all are refused, nothing runs, and memory stays small.</summary>
public sealed class HostilePickleTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, byte[], string> Pickles()
    {
        var data = new TheoryData<string, byte[], string>();
        void Add(string name, Action<PickleWriter> value, string reason) => data.Add(name, PthFiles.Pickle(value), reason);
        void Tensor(string name, long count, long offset, long[] size, long[] stride, string reason) =>
            Add(name, value => value.Dict(items => items.Text("x").Tensor("FloatStorage", "0", count, offset, size, stride)), reason);

        foreach (var (module, function) in new[]
        {
            ("os", "system"), ("posix", "system"), ("nt", "system"), ("builtins", "eval"), ("__builtin__", "exec"), ("builtins", "getattr"),
            ("subprocess", "Popen"), ("runpy", "_run_code"), ("torch.jit", "load"), ("torch.jit._script", "ScriptModule"), ("torch", "load"),
            ("numpy.core.multiarray", "_reconstruct"), ("__torch__", "Model"), ("torch._utils", "_rebuild_tensor_v2.__globals__"),
            ("collections", "defaultdict"), ("torch", "FloatStorage.__class__"), ("", ""),
        })
        {
            Add($"global {module}.{function}", value => value.Call(module, function, arguments => arguments.Text("echo owned")), $"'{module}.{function}'");
            Add($"stack global {module}.{function}", value => value.Text(module).Text(function).Raw(0x93).Tuple(arguments => arguments.Text("x")).Op('R'), $"'{module}.{function}'");
        }
        Add("global by line of 300 letters", value => value.Global("os", new string('a', 300)), "exceeds 256 bytes");
        Add("global with a tab", value => value.Global("os\t", "system"), "byte 0x09");
        Add("global of numbers", value => value.Int(1).Int(2).Raw(0x93), "two strings");

        Add("reduce of a text", value => value.Text("os.system").Tuple(_ => { }).Op('R'), "no global");
        Add("reduce of a dtype", value => value.Call("torch", "float32", _ => { }), "does not take");
        Add("reduce of a storage type", value => value.Call("torch", "FloatStorage", arguments => arguments.Int(1 << 30)), "does not take");
        Add("reduce without a tuple", value => value.Global("collections", "OrderedDict").Text("x").Op('R'), "needs a tuple");
        Add("tensor of texts", value => value.Call("torch._utils", "_rebuild_tensor_v2", arguments => arguments.Repeat(6, each => each.Text("x"))), "not (storage, offset, size, stride");
        Add("tensor of two arguments", value => value.Call("torch._utils", "_rebuild_tensor_v2", arguments => arguments.Int(1).Int(2)), "2 arguments");
        Add("parameter of a text", value => value.Call("torch._utils", "_rebuild_parameter", arguments => arguments.Text("x").Bool(true).None()), "does not take");
        Add("OrderedDict of a number", value => value.Call("collections", "OrderedDict", arguments => arguments.Int(1)), "list of pairs");
        Add("OrderedDict of no pairs", value => value.Call("collections", "OrderedDict", arguments => arguments.List(pairs => pairs.Int(1))), "list of pairs");
        Add("build of a list", value => value.List(_ => { }).Dict(_ => { }).Op('b'), "BUILD");
        foreach (var (name, opcode) in new[] { ("INST", 'i'), ("OBJ", 'o'), ("PERSID", 'P'), ("STRING", 'S'), ("UNICODE", 'V'), ("LONG4", (char)0x8b), ("NEWOBJ_EX", (char)0x92), ("EXT1", (char)0x82), ("BYTEARRAY8", (char)0x96), ("BINBYTES8", (char)0x8e), ("NEXT_BUFFER", (char)0x97), ("zero", '\0') })
            Add($"instruction {name}", value => value.Op(opcode).UInt32(int.MaxValue).UInt32(int.MaxValue), $"instruction 0x{(int)opcode:x2}");

        Add("nothing", _ => { }, "0 values");
        Add("a number", value => value.Int(5), "a dictionary of named tensors was expected");
        Add("two values", value => value.Int(5).Int(6), "2 values");
        Add("an open mark", value => value.Dict(_ => { }).Op('('), "1 marks");
        Add("pop of nothing", value => value.Op('0'), "empty stack");
        Add("tuple of nothing", value => value.Raw(0x87), "empty stack");
        Add("tuple without a mark", value => value.Op('t'), "mark that it has not set");
        Add("value below the mark", value => value.Int(1).Op('(').Op('0'), "empty stack");
        Add("append to a text", value => value.Text("x").Int(1).Op('a'), "APPEND");
        Add("item of a list", value => value.List(_ => { }).Text("x").Int(1).Op('s'), "SETITEM");
        Add("key without value", value => value.Dict(items => items.Text("x")), "key without a value");
        Add("key twice", value => value.Dict(items => items.Text("x").Int(1).Text("x").Int(2)), "'x' occurs twice");
        Add("key twice, one by one", value => value.Op('}').Text("x").Int(1).Op('s').Text("x").Int(2).Op('s'), "'x' occurs twice");
        Add("key twice, as number and text", value => value.Dict(items => items.Int(7).Int(1).Text("7").Int(2)), "'7' occurs twice");
        Add("key that is a tuple", value => value.Dict(items => items.Ints(1).Int(1)), "texts and whole numbers");
        Add("key that is a huge number", value => value.Dict(items => items.Long(BigInteger.Pow(10, 400)).Int(1)), "texts and whole numbers");
        Add("names that meet", value => value.Dict(items => items.Text("a").Dict(a => a.Text("b").Int(1)).Text("a.b").Int(2)), "two values have this name");
        Add("memo that is not set", value => value.Get(3), "memo 3");
        Add("memo of nothing", value => value.Put(3), "empty stack");
        Add("memo of 32 bits that is not set", value => value.GetLong(uint.MaxValue), "memo 4294967295");

        Add("text of 4 GiB", value => value.Op('X').UInt32(uint.MaxValue), "4294967295 more bytes are needed");
        Add("bytes of 4 GiB", value => value.Op('B').UInt32(uint.MaxValue), "4294967295 more bytes are needed");
        Add("text of 2^64 bytes", value => value.Raw(0x8d).UInt32(uint.MaxValue).UInt32(uint.MaxValue), "18446744073709551615 more bytes are needed");
        Add("number of 255 bytes that are not there", value => value.Raw(0x8a, 255), "255 more bytes are needed");
        Add("text that is no UTF-8", value => value.Op('X').UInt32(2).Raw(0xc3, 0x28), "not UTF-8");
        Add("half a surrogate", value => value.Op('X').UInt32(3).Raw(0xed, 0xa0, 0x80), "not UTF-8");
        data.Add("protocol 5", new PickleWriter(5).Dict(_ => { }).Stop(), "protocol 5");
        data.Add("protocol 0", new PickleWriter(0).Dict(_ => { }).Stop(), "protocol 0");
        data.Add("text form", "(dp0\n."u8.ToArray(), "begins with byte 0x28");
        data.Add("no STOP", new PickleWriter().Dict(_ => { }).Bytes, "1 more bytes are needed");

        Add("persistent id that is a text", value => value.Text("storage").Op('Q'), "persistent identifier");
        Add("persistent id of another kind", value => value.Tuple(id => id.Text("file").Global("torch", "FloatStorage").Text("0").Text("cpu").Int(1)).Op('Q'), "persistent identifier");
        Add("persistent id of no type", value => value.Tuple(id => id.Text("storage").Global("torch", "float32").Text("0").Text("cpu").Int(1)).Op('Q'), "persistent identifier");
        Add("persistent id of huge size", value => value.Tuple(id => id.Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Long(BigInteger.Pow(2, 64))).Op('Q'), "persistent identifier");
        Tensor("storage of negative size", -1, 0, [1], [1], "has -1 elements");
        Tensor("storage of more elements than the file", long.MaxValue, 0, [1], [1], "9223372036854775807 elements");
        Tensor("storage of fewer elements than the file", 3, 0, [1], [1], "3 elements");
        Tensor("negative size", 4, 0, [-1], [1], "negative size");
        Tensor("negative offset", 4, -1, [1], [1], "negative");
        Tensor("negative stride", 4, 3, [4], [-1], "negative");
        Tensor("offset beyond the storage", 4, 4, [1], [1], "reaches element 4");
        Tensor("offset of 63 bits", 4, long.MaxValue, [1], [1], "reaches element 9223372036854775807");
        Tensor("offset and stride that overflow", 4, long.MaxValue, [2], [long.MaxValue], "reaches element 18446744073709551614");
        Tensor("shape beyond the storage", 4, 0, [5], [1], "reaches element 4");
        Tensor("shape of gigabytes by stride 0", 4, 0, [1 << 20, 1 << 10], [0, 0], "but the whole file has");
        Tensor("shape that overflows", 4, 0, [1L << 32, 1L << 32], [0, 0], "overflows 64 bits");
        Tensor("shape that overflows to a small product", 4, 0, [(1L << 62) + 1, 4], [0, 0], "overflows 64 bits");
        Tensor("empty shape that overflows", 4, 0, [0, long.MaxValue, long.MaxValue], [0, 0, 0], "overflows 64 bits");
        Tensor("strides that overflow", 4, 0, [2, 2], [long.MaxValue, long.MaxValue], "reaches element");
        Tensor("sizes without strides", 4, 0, [2, 2], [1], "2 sizes but 1 strides");
        Tensor("33 dimensions", 4, 0, [.. Enumerable.Repeat(1L, 33)], [.. Enumerable.Repeat(1L, 33)], "33 dimensions");
        Add("size that is a text", value => value.Call("torch._utils", "_rebuild_tensor", arguments => arguments
            .Storage("FloatStorage", "0", 4).Int(0).Tuple(size => size.Text("4")).Ints(1)), "not a whole number");
        Add("size of 65 bits", value => value.Call("torch._utils", "_rebuild_tensor", arguments => arguments
            .Storage("FloatStorage", "0", 4).Int(0).Tuple(size => size.Long(BigInteger.Pow(2, 64))).Ints(1)), "not a whole number");
        Add("view beyond its storage", value => value.Storage("FloatStorage", "0", 4, view => view.Tuple(part => part.Text("v").Int(2).Int(3))), "does not lie within");
        Add("view that overflows", value => value.Storage("FloatStorage", "0", 4, view => view.Tuple(part => part.Text("v").Int(long.MaxValue).Int(long.MaxValue))), "does not lie within");
        Add("one storage of two types", value => value.Dict(items => items
            .Text("a").Tensor("FloatStorage", "0", 4, 0, [4], [1]).Text("b").Tensor("IntStorage", "0", 4, 0, [4], [1])), "another for 4 Int32");
        Add("complex numbers", value => value.Storage("ComplexFloatStorage", "0", 4), "'torch.ComplexFloatStorage'");
        return data;
    }

    [Theory]
    [MemberData(nameof(Pickles))]
    public void Open_HostilePickle_IsRefusedInBothFormats(string name, byte[] pickle, string reason)
    {
        var storage = PthFiles.Storage(1f, 2, 3, 4);
        var zip = _folder.Write($"{name.Replace(' ', '-').Replace('/', '-')}.pth", ZipWriter.Archive(PthFiles.Parts(pickle, ("0", storage))));
        HostileFile.AssertRefused(zip, "", reason);

        // A legacy file goes on behind the pickle, so that "missing" bytes are found where they do not belong.
        if (name.StartsWith("no STOP", StringComparison.Ordinal) || name.StartsWith("number of 255", StringComparison.Ordinal) || name.StartsWith("storage of", StringComparison.Ordinal))
            return;
        var legacy = _folder.Write("legacy.pth", PthFiles.Legacy(pickle, ("0", 4, storage)));
        HostileFile.AssertRefused(legacy, "", reason);
    }

    [Fact]
    public void Open_HostilePickle_SaysAtWhichByte()
    {
        var path = _folder.Write("x.pth", PthFiles.Zip(value => value.Global("os", "system")));
        HostileFile.AssertRefused(path, $"'archive/data.pkl' at byte {30 + "archive/data.pkl".Length + 2 + "cos\nsystem\n".Length}", "nothing was executed");
    }
}
