using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>TorchSharp's own file format: type, number of dimensions and sizes as LEB128 numbers, then the raw elements.</summary>
internal static class TensorFormat
{
    internal static void WriteNumber(BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        writer.Write7BitEncodedInt64(value);
    }

    internal static long ReadNumber(BinaryReader reader) => reader.Read7BitEncodedInt64();

    internal static void Write(BinaryWriter writer, Tensor tensor)
    {
        using var cpu = tensor.to(torch.CPU);
        WriteNumber(writer, (long)cpu.dtype);
        var shape = cpu.shape;
        WriteNumber(writer, shape.Length);
        foreach (var size in shape) WriteNumber(writer, size);
        writer.Write(cpu.bytes);
    }

    /// <summary>Reads one tensor into the target; without a target it is only passed over.</summary>
    internal static void Read(BinaryReader reader, Tensor? target)
    {
        var (type, shape) = ReadHeader(reader);
        if (target is not null)
        {
            if (type != target.dtype)
                throw new ArgumentException("Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the origin.");
            if (!shape.AsSpan().SequenceEqual(target.shape))
                throw new ArgumentException("Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        }

        using var loaded = ReadElements(reader, type, shape);
        if (target is null) return;
        using var mode = no_grad();
        target.copy_(loaded);
    }

    internal static Tensor ReadNew(BinaryReader reader)
    {
        var (type, shape) = ReadHeader(reader);
        return ReadElements(reader, type, shape);
    }

    private static (ScalarType Type, long[] Shape) ReadHeader(BinaryReader reader)
    {
        var type = (ScalarType)ReadNumber(reader);
        var shape = new long[ReadNumber(reader)];
        for (var n = 0; n < shape.Length; n++) shape[n] = ReadNumber(reader);
        return (type, shape);
    }

    private static Tensor ReadElements(BinaryReader reader, ScalarType type, long[] shape)
    {
        var tensor = empty(shape, type);
        reader.BaseStream.ReadExactly(tensor.bytes);
        return tensor;
    }
}
