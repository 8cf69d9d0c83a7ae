using SamSegmentation.ML.Onnx.Protos;
using static SamSegmentation.ML.Onnx.Protos.TensorProto.Types;

namespace SamSegmentation.ML.Onnx.Graphs;

/// <summary>
/// A tensor that a graph holds: among its initialisers, or in a node <c>Constant</c>, of which runtimes make an initialiser.
/// Its elements are made when they are written, so that weights are never there twice.
/// </summary>
/// <param name="value">What it is in the graph.</param>
/// <param name="write">Writes the elements, row-major and little-endian.</param>
internal sealed class Initializer(Value value, Action<Stream> write)
{
    // Of GraphProto, NodeProto and AttributeProto.
    private const int NodeField = 1;
    private const int InitializerField = 5;
    private const int AttributeField = 5;
    private const int TensorField = 5;

    /// <summary>What it is in the graph.</summary>
    public Value Value => value;

    /// <summary>
    /// Whether it is a node, as float16 is: ML.NET's <c>ApplyOnnxModel</c> refuses a graph with initialisers of a type that its columns
    /// do not know.
    /// </summary>
    public bool IsNode => IsNodeOf(value.Type);

    /// <summary>The messages around the tensor's, from the graph inwards.</summary>
    public IReadOnlyList<MessageFrame> Frames { get; } = IsNodeOf(value.Type)
        ?
        [
            new(null, NodeField),
            new(new NodeProto { Name = value.Name, OpType = "Constant", Output = { value.Name } }, AttributeField),
            new(new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor }, TensorField),
        ]
        : [new(null, InitializerField)];

    /// <summary>Bytes of all elements.</summary>
    public long Bytes { get; } = value.Shape.Aggregate(SizeOf(value.Type), (size, side) => checked(size * side));

    /// <summary>The message without the elements.</summary>
    public TensorProto Header { get; } = new() { Name = value.Name, DataType = (int)value.Type, Dims = { value.Shape } };

    /// <summary>Writes the elements.</summary>
    public void WriteTo(Stream stream) => write(stream);

    private static bool IsNodeOf(DataType type) => type == DataType.Float16;

    private static long SizeOf(DataType type) => type switch
    {
        DataType.Int64 => sizeof(long),
        DataType.Float => sizeof(float),
        DataType.Float16 => sizeof(ushort),
        _ => throw new NotSupportedException($"Graphs hold no elements of type {type}."),
    };
}
