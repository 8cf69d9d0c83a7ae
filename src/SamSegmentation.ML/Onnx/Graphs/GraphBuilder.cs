using System.Globalization;
using System.Runtime.InteropServices;
using SamSegmentation.ML.Onnx.Protos;
using static SamSegmentation.ML.Onnx.Protos.TensorProto.Types;

namespace SamSegmentation.ML.Onnx.Graphs;

/// <summary>
/// Puts a graph together, operator by operator. Parts have names, as modules have: within the parts <c>blocks.0</c> and
/// <c>attn</c> a node is <c>blocks.0/attn/Softmax</c>, and what it computes has the same name. Shapes are followed as the
/// graph grows; batches do not exist.
/// </summary>
internal sealed partial class GraphBuilder
{
    private readonly GraphProto _message;
    private readonly List<Initializer> _initializers = [];
    private readonly List<Value> _inputs = [];
    private readonly List<Value> _outputs = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> _shared = new(StringComparer.Ordinal);
    private readonly List<string> _path = [];

    /// <summary>Begins a graph.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, in a sentence.</param>
    public GraphBuilder(string name, string description) => _message = new GraphProto { Name = name, DocString = description };

    /// <summary>Makes what <paramref name="build"/> adds a part of its own.</summary>
    /// <param name="name">The part's name, such as <c>attn</c>.</param>
    /// <param name="build">Adds nodes.</param>
    public Value In(string name, Func<Value> build)
    {
        _path.Add(name);
        try
        {
            return build();
        }
        finally
        {
            _path.RemoveAt(_path.Count - 1);
        }
    }

    /// <summary>Makes what <paramref name="build"/> adds a part of its own, outside of the parts around it.</summary>
    /// <param name="name">The part's name, such as <c>adapters.0</c>.</param>
    /// <param name="build">Adds nodes.</param>
    public Value Apart(string name, Func<Value> build) => Outside(() => In(name, build));

    /// <summary>The name that a PyTorch module's tensor has here: the parts and the tensor's own, such as <c>blocks.0.attn.qkv.weight</c>.</summary>
    public string TensorName(string name) => string.Join('.', [.. _path, name]);

    /// <summary>Adds an input.</summary>
    public Value Input(string name, params long[] shape)
    {
        var value = New(name, DataType.Float, shape);
        _inputs.Add(value);
        _message.Input.Add(Describe(value));
        return value;
    }

    /// <summary>Makes a value an output, under a name of its own.</summary>
    public void Output(string name, Value value)
    {
        var output = New(name, value.Type, value.Shape);
        _message.Node.Add(new NodeProto { Name = $"{name}/Identity", OpType = "Identity", Input = { value.Name }, Output = { name } });
        _outputs.Add(output);
        _message.Output.Add(Describe(output));
    }

    /// <summary>The graph as it is now.</summary>
    public Graph Build() => new(_message, _initializers, _inputs, _outputs);

    /// <summary>Adds a tensor that the graph holds.</summary>
    /// <param name="name">Its full name.</param>
    /// <param name="type">Its elements.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="write">Writes its elements when the graph is written, row-major and little-endian.</param>
    public Value Held(string name, DataType type, long[] shape, Action<Stream> write)
    {
        var value = New(name, type, shape);
        var held = new Initializer(value, write);
        _initializers.Add(held);
        if (held.IsNode)
            _message.ValueInfo.Add(Describe(value));
        return value;
    }

    /// <summary>A float32 constant of this part.</summary>
    public Value Constant(string name, float[] values, params long[] shape)
    {
        if (values.Length != shape.Aggregate(1L, (product, side) => product * side))
            throw new ArgumentException($"'{name}' has {values.Length} values for the shape [{string.Join(", ", shape)}].", nameof(values));
        return Held(Unique(TensorName(name)), DataType.Float, shape, stream => stream.Write(MemoryMarshal.AsBytes<float>(values)));
    }

    /// <summary>A number, held once however often it is used.</summary>
    public Value Number(double value) => Shared(
        $"number/{((float)value).ToString("R", CultureInfo.InvariantCulture)}",
        name => Held(name, DataType.Float, [], stream => stream.Write(MemoryMarshal.AsBytes<float>([(float)value]))));

    /// <summary>A list of whole numbers, such as a shape, held once however often it is used.</summary>
    public Value Integers(params long[] values) => Shared(
        $"integers/{string.Join('x', values)}",
        name => Held(name, DataType.Int64, [values.Length], stream => stream.Write(MemoryMarshal.AsBytes<long>(values))));

    /// <summary>What is made once for the whole graph, however often it is asked for.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="make">Makes it, outside of all parts, under that name.</param>
    public Value Shared(string name, Func<string, Value> make)
    {
        if (!_shared.TryGetValue(name, out var value))
            _shared[name] = value = Outside(() => make(name));
        return value;
    }

    // Adds what belongs to none of the parts around it.
    private Value Outside(Func<Value> build)
    {
        string[] path = [.. _path];
        _path.Clear();
        try
        {
            return build();
        }
        finally
        {
            _path.AddRange(path);
        }
    }

    private Value Node(string op, DataType type, long[] shape, Value[] inputs, params AttributeProto[] attributes) =>
        Nodes(op, [(type, shape)], inputs, attributes)[0];

    private Value[] Nodes(string op, (DataType Type, long[] Shape)[] outputs, Value[] inputs, params AttributeProto[] attributes)
    {
        var name = Unique(string.Join('/', [.. _path, op]));
        var values = outputs.Select((output, i) => New(outputs.Length == 1 ? name : $"{name}:{i}", output.Type, output.Shape)).ToArray();
        _message.Node.Add(new NodeProto
        {
            Name = name,
            OpType = op,
            Input = { inputs.Select(input => input.Name) },
            Output = { values.Select(value => value.Name) },
            Attribute = { attributes },
        });
        _message.ValueInfo.AddRange(values.Select(Describe));
        return values;
    }

    private Value New(string name, DataType type, long[] shape) =>
        _names.Add(name) ? new Value(name, type, shape) : throw new ArgumentException($"The graph has two values '{name}'.", nameof(name));

    private string Unique(string name)
    {
        var unique = name;
        for (var i = 1; _names.Contains(unique) || _names.Contains($"{unique}:0"); i++)
            unique = $"{name}_{i}";
        return unique;
    }

    private static ValueInfoProto Describe(Value value) => new()
    {
        Name = value.Name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = (int)value.Type,
                Shape = new TensorShapeProto { Dim = { value.Shape.Select(side => new TensorShapeProto.Types.Dimension { DimValue = side }) } },
            },
        },
    };
}
