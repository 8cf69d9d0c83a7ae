using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace SamSegmentation.ML.Tests.Checkpoints.Files;

/// <summary>Writes pickles instruction by instruction, sound ones and others, as Python's pickle module defines them.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>Begins with the protocol that torch.save uses.</summary>
    public PickleWriter(byte protocol = 2) => Raw(0x80, protocol);

    /// <summary>What has been written so far.</summary>
    public byte[] Bytes => [.. _bytes];

    public PickleWriter Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Op(char opcode) => Raw((byte)opcode);

    public PickleWriter Repeat(int times, Action<PickleWriter> write)
    {
        for (var i = 0; i < times; i++)
            write(this);
        return this;
    }

    public PickleWriter None() => Op('N');

    public PickleWriter Bool(bool value) => Raw((byte)(value ? 0x88 : 0x89));

    public PickleWriter Text(string value) => Op('X').UInt32((uint)Encoding.UTF8.GetByteCount(value)).Raw(Encoding.UTF8.GetBytes(value));

    /// <summary>A whole number, in the shortest of the pickler's three forms or as LONG1.</summary>
    public PickleWriter Int(long value) => value switch
    {
        >= 0 and <= byte.MaxValue => Op('K').Raw((byte)value),
        >= 0 and <= ushort.MaxValue => Op('M').Raw((byte)value, (byte)(value >> 8)),
        >= int.MinValue and <= int.MaxValue => Op('J').UInt32((uint)(int)value),
        _ => Long(value),
    };

    /// <summary>LONG1: a whole number of any size.</summary>
    public PickleWriter Long(BigInteger value)
    {
        var bytes = value.ToByteArray();
        return Raw(0x8a, (byte)bytes.Length).Raw(bytes);
    }

    public PickleWriter Double(double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Op('G').Raw(bytes);
    }

    public PickleWriter Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    /// <summary>MARK, the values, TUPLE.</summary>
    public PickleWriter Tuple(Action<PickleWriter> values) => Between('(', values, 't');

    /// <summary>A tuple of whole numbers.</summary>
    public PickleWriter Ints(params IReadOnlyList<long> values) => Tuple(tuple =>
    {
        foreach (var value in values)
            tuple.Int(value);
    });

    /// <summary>EMPTY_DICT and its items in one go.</summary>
    public PickleWriter Dict(Action<PickleWriter> items) => Op('}').Between('(', items, 'u');

    /// <summary>EMPTY_LIST and its items in one go.</summary>
    public PickleWriter List(Action<PickleWriter> items) => Op(']').Between('(', items, 'e');

    /// <summary><c>module.name(*arguments)</c>.</summary>
    public PickleWriter Call(string module, string name, Action<PickleWriter> arguments) => Global(module, name).Tuple(arguments).Op('R');

    public PickleWriter OrderedDict(Action<PickleWriter> items) =>
        Call("collections", "OrderedDict", _ => { }).Between('(', items, 'u');

    public PickleWriter Put(byte index) => Op('q').Raw(index);

    public PickleWriter Get(byte index) => Op('h').Raw(index);

    public PickleWriter GetLong(uint index) => Op('j').UInt32(index);

    /// <summary>What torch.save's persistent identifiers are: ('storage', type, key, 'cpu', count).</summary>
    public PickleWriter Storage(string type, string key, long count, Action<PickleWriter>? view = null) => Tuple(tuple =>
    {
        tuple.Text("storage").Global("torch", type).Text(key).Text("cpu").Int(count);
        view?.Invoke(tuple);
    }).Op('Q');

    /// <summary>A tensor as torch.save writes it.</summary>
    public PickleWriter Tensor(string type, string key, long count, long offset, IReadOnlyList<long> size, IReadOnlyList<long> stride) =>
        Call("torch._utils", "_rebuild_tensor_v2", arguments => arguments
            .Storage(type, key, count).Int(offset).Ints(size).Ints(stride)
            .Bool(false).OrderedDict(_ => { }));

    public byte[] Stop() => Op('.').Bytes;

    public PickleWriter UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    private PickleWriter Between(char open, Action<PickleWriter> values, char close)
    {
        Op(open);
        values(this);
        return Op(close);
    }
}
