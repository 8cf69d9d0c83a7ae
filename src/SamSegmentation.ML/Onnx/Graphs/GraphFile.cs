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
    private const int RawDataField = 9;

    /// <summary>Bytes of a graph as it is written, without the few of the file around it.</summary>
    public static long SizeOf(Graph graph) => graph.Message.CalculateSize() + graph.Initializers.Sum(initializer => SizeOf(initializer.Frames[0], LengthsOf(initializer)[0]));

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
        // A node comes before those that read what it gives.
        foreach (var initializer in graph.Initializers.Where(initializer => initializer.IsNode))
            Write(hashing, message, initializer);
        graph.Message.WriteTo(message);
        foreach (var initializer in graph.Initializers.Where(initializer => !initializer.IsNode))
            Write(hashing, message, initializer);
        message.Flush();
        return hashing.Hash();
    }

    private static void Write(HashingStream stream, CodedOutputStream message, Initializer initializer)
    {
        foreach (var (frame, length) in initializer.Frames.Zip(LengthsOf(initializer)))
        {
            frame.Before?.WriteTo(message);
            message.WriteTag(frame.Field, WireFormat.WireType.LengthDelimited);
            message.WriteLength((int)length);
        }
        initializer.Header.WriteTo(message);
        message.WriteTag(RawDataField, WireFormat.WireType.LengthDelimited);
        message.WriteLength((int)initializer.Bytes);
        message.Flush();
        var start = stream.Position;
        initializer.WriteTo(stream);
        if (stream.Position - start != initializer.Bytes)
            throw new InvalidOperationException($"'{initializer.Value.Name}' wrote {stream.Position - start} bytes; expected {initializer.Bytes}.");
    }

    // Of the message in each frame; a frame within it is a part of it.
    private static long[] LengthsOf(Initializer initializer)
    {
        var lengths = new long[initializer.Frames.Count];
        lengths[^1] = initializer.Header.CalculateSize() + CodedOutputStream.ComputeTagSize(RawDataField) + LengthSize(initializer.Bytes) + initializer.Bytes;
        for (var i = lengths.Length - 2; i >= 0; i--)
            lengths[i] = SizeOf(initializer.Frames[i + 1], lengths[i + 1]);
        return lengths;
    }

    private static long SizeOf(MessageFrame frame, long length) =>
        (frame.Before?.CalculateSize() ?? 0) + CodedOutputStream.ComputeTagSize(frame.Field) + LengthSize(length) + length;

    private static int LengthSize(long length) => CodedOutputStream.ComputeUInt64Size((ulong)length);
}
