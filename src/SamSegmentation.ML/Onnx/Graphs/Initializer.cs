using SamSegmentation.ML.Onnx.Protos;
using static SamSegmentation.ML.Onnx.Protos.TensorProto.Types;

namespace SamSegmentation.ML.Onnx.Graphs;

/// <summary>A tensor that a graph holds. Its elements are made when they are written, so that weights are never there twice.</summary>
/// <param name="value">What it is in the graph.</param>
/// <param name="write">Writes the elements, row-major and little-endian.</param>
internal sealed class Initializer(Value value, Action<Stream> write)
{
    /// <summary>What it is in the graph.</summary>
    public Value Value => value;

    /// <summary>Bytes of all elements.</summary>
    public long Bytes { get; } = value.Shape.Aggregate(SizeOf(value.Type), (size, side) => checked(size * side));

    /// <summary>The message without the elements.</summary>
    public TensorProto Header { get; } = new() { Name = value.Name, DataType = (int)value.Type, Dims = { value.Shape } };

    /// <summary>Writes the elements.</summary>
    public void WriteTo(Stream stream) => write(stream);

    private static long SizeOf(DataType type) => type switch
    {
        DataType.Int64 => sizeof(long),
        DataType.Float => sizeof(float),
        DataType.Float16 => sizeof(ushort),
        _ => throw new NotSupportedException($"Graphs hold no elements of type {type}."),
    };
}
