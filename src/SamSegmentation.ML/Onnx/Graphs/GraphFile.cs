using Google.Protobuf;
using SamSegmentation.ML.Onnx.Protos;

namespace SamSegmentation.ML.Onnx.Graphs;

/// <summary>
/// Writes a graph as an ONNX file. Protobuf's messages may be written piece by piece, in any order of their fields: the
/// weights go from torch's memory into the file, without a second copy, and the metadata come last, as they state the
/// hash of what stands before them.
/// </summary>
internal static class GraphFile
{
    /// <summary>The largest file: protobuf's messages end at 2³¹−1 bytes.</summary>
    public const long MaxBytes = int.MaxValue;

    private const int IrVersion = 8;
    private const int OperatorSet = 17;
    private const int GraphField = 7;
    private const int InitializerField = 5;
    private const int RawDataField = 9;

    /// <summary>Bytes of a graph as it is written, without the few of the file around it.</summary>
    public static long SizeOf(Graph graph) => graph.Message.CalculateSize() + graph.Initializers.Sum(initializer =>
    {
        var size = SizeOf(initializer);
        return CodedOutputStream.ComputeTagSize(InitializerField) + LengthSize(size) + size;
    });

    /// <summary>Writes a graph with what the file says of itself.</summary>
    /// <param name="stream">Where it goes; it stays open.</param>
    /// <param name="graph">The graph, of at most <see cref="MaxBytes"/>.</param>
    /// <param name="metadata">Makes the metadata of the graph's hash: SHA-256, 64 hexadecimal digits.</param>
    /// <returns>How many bytes were written.</returns>
    public static long Write(Stream stream, Graph graph, Func<string, IReadOnlyDictionary<string, string>> metadata)
    {
        var assembly = typeof(GraphFile).Assembly.GetName();
        var head = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = assembly.Name,
            ProducerVersion = assembly.Version!.ToString(3),
            OpsetImport = { new OperatorSetIdProto { Version = OperatorSet } },
        };
        var size = SizeOf(graph);
        using var file = new CodedOutputStream(stream, leaveOpen: true);
        head.WriteTo(file);
        file.WriteTag(GraphField, WireFormat.WireType.LengthDelimited);
        file.WriteLength(checked((int)size));
        file.Flush();
        var hash = WriteGraph(stream, graph);
        var tail = new ModelProto
        {
            MetadataProps = { metadata(hash).Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }) },
        };
        tail.WriteTo(file);
        file.Flush();
        return head.CalculateSize() + CodedOutputStream.ComputeTagSize(GraphField) + LengthSize(size) + size + tail.CalculateSize();
    }

    private static string WriteGraph(Stream stream, Graph graph)
    {
        using var hashing = new HashingStream(stream);
        using var message = new CodedOutputStream(hashing, leaveOpen: true);
        graph.Message.WriteTo(message);
        foreach (var initializer in graph.Initializers)
        {
            message.WriteTag(InitializerField, WireFormat.WireType.LengthDelimited);
            message.WriteLength((int)SizeOf(initializer));
            initializer.Header.WriteTo(message);
            message.WriteTag(RawDataField, WireFormat.WireType.LengthDelimited);
            message.WriteLength((int)initializer.Bytes);
            message.Flush();
            var start = hashing.Position;
            initializer.WriteTo(hashing);
            if (hashing.Position - start != initializer.Bytes)
                throw new InvalidOperationException($"'{initializer.Value.Name}' wrote {hashing.Position - start} bytes; expected {initializer.Bytes}.");
        }
        message.Flush();
        return hashing.Hash();
    }

    private static long SizeOf(Initializer initializer) =>
        initializer.Header.CalculateSize() + CodedOutputStream.ComputeTagSize(RawDataField) + LengthSize(initializer.Bytes) + initializer.Bytes;

    private static int LengthSize(long length) => CodedOutputStream.ComputeUInt64Size((ulong)length);
}
