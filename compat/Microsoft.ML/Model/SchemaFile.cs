using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The schema in a model file: a binary data view of the real library's format that has columns but no rows. A header
/// of 256 bytes points to the table of columns; each column to the table of its annotations.
/// </summary>
internal static class SchemaFile
{
    private const string EntryName = "Schema";
    private const int HeaderSize = 256;
    private const ulong Signature = 0x00425644004C4D43;
    private const ulong TailSignature = 0x434D4C0044564200;
    private const ulong Version = 0x0001000100010006;
    private const byte NoCompression = 0;
    private const byte Deflated = 1;

    public static void Save(IHostEnvironment env, RepositoryWriter repository, DataViewSchema schema)
    {
        using var channel = env.Start("Saving Schema");
        var columns = new List<DataViewSchema.Column>();
        foreach (var column in schema)
        {
            if (TypeCodec.CanWrite(column.Type))
                columns.Add(column);
            else
                channel.Info(MessageSensitivity.Schema, "The column '{0}' will not be written as it has unsavable column type.", column.Name);
        }

        channel.Check(columns.Count > 0, "No valid columns to save");
        using var entry = repository.CreateEntry(EntryName);
        using var writer = new BinaryWriter(entry.Stream);
        Write(channel, writer, columns);
    }

    /// <summary>Null when the model was saved without a schema.</summary>
    public static DataViewSchema LoadOrNull(IHostEnvironment env, RepositoryReader repository)
    {
        using var entry = repository.OpenEntryOrNull(EntryName);
        if (entry is null)
            return null;
        using var reader = new BinaryReader(entry.Stream);
        try
        {
            return Read(env, reader);
        }
        catch (Exception error) when (error is EndOfStreamException or IOException or ArgumentException)
        {
            throw new FormatException("Corrupt model file: the schema", error).Process(env);
        }
    }

    private static void Write(IChannel channel, BinaryWriter writer, List<DataViewSchema.Column> columns)
    {
        var stream = writer.BaseStream;
        writer.Write(new byte[HeaderSize]);
        var annotationTables = columns.ConvertAll(column => WriteAnnotations(channel, writer, column));
        var table = stream.Position;
        foreach (var (column, annotations) in columns.Zip(annotationTables))
        {
            writer.Write(column.Name);
            TypeCodec.Write(writer, column.Type);
            writer.Write(Deflated);
            // Rows per block, and where the blocks are listed: of no rows there are none.
            writer.Write7BitEncodedInt(1);
            writer.Write((long)HeaderSize);
            writer.Write(annotations);
        }

        var tail = stream.Position;
        writer.Write(TailSignature);
        stream.Position = 0;
        writer.Write(Signature);
        writer.Write(Version);
        writer.Write(Version);
        writer.Write(table);
        writer.Write(tail);
        writer.Write(0L);
        writer.Write(columns.Count);
    }

    /// <returns>Where the table is; 0 when there are no annotations.</returns>
    private static long WriteAnnotations(IChannel channel, BinaryWriter writer, DataViewSchema.Column column)
    {
        var stream = writer.BaseStream;
        var blocks = new List<(DataViewSchema.Column Annotation, byte Compression, long Offset, long Size)>();
        foreach (var annotation in column.Annotations.Schema)
        {
            var offset = stream.Position;
            if (AnnotationCodec.BytesOrNull(column.Annotations, annotation) is { } bytes)
            {
                var deflated = Deflate(bytes);
                var isSmaller = deflated.Length < bytes.Length;
                writer.Write(isSmaller ? deflated : bytes);
                blocks.Add((annotation, isSmaller ? Deflated : NoCompression, offset, stream.Position - offset));
            }
            else
                channel.Warning(MessageSensitivity.Schema, "Could not get codec for type {0}, dropping column '{1}' index {2} metadata kind '{3}'", annotation.Type, column.Name, column.Index, annotation.Name);
        }

        if (blocks.Count == 0)
            return 0;
        var table = stream.Position;
        writer.Write7BitEncodedInt(blocks.Count);
        foreach (var (annotation, compression, offset, size) in blocks)
        {
            writer.Write(annotation.Name);
            TypeCodec.Write(writer, annotation.Type);
            writer.Write(compression);
            writer.Write(offset);
            writer.Write7BitEncodedInt64(size);
        }

        return table;
    }

    private static byte[] Deflate(byte[] bytes)
    {
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionMode.Compress, leaveOpen: true))
            deflate.Write(bytes);
        return deflated.ToArray();
    }

    private static DataViewSchema Read(IHostEnvironment env, BinaryReader reader)
    {
        var stream = reader.BaseStream;
        env.CheckDecode(reader.ReadUInt64() == Signature, "Corrupt model file: the schema's signature");
        _ = reader.ReadUInt64();
        env.CheckDecode(reader.ReadUInt64() <= Version, "The schema in the model file is too new");
        var (table, tail, _, count) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32());
        stream.Position = tail;
        env.CheckDecode(reader.ReadUInt64() == TailSignature, "Corrupt model file: the schema's end");
        stream.Position = table;
        var builder = new DataViewSchema.Builder();
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadString();
            var type = TypeCodec.ReadOrNull(reader);
            _ = reader.ReadByte();
            _ = reader.Read7BitEncodedInt64();
            _ = reader.ReadInt64();
            var annotationTable = reader.ReadInt64();
            if (type is null)
                continue;
            var next = stream.Position;
            builder.AddColumn(name, type, annotationTable == 0 ? null : ReadAnnotations(reader, annotationTable));
            stream.Position = next;
        }

        return builder.ToSchema();
    }

    private static DataViewSchema.Annotations ReadAnnotations(BinaryReader reader, long table)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        reader.BaseStream.Position = table;
        var count = reader.Read7BitEncodedInt();
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadString();
            var type = TypeCodec.ReadOrNull(reader);
            var isCompressed = reader.ReadByte() != NoCompression;
            var offset = reader.ReadInt64();
            _ = reader.Read7BitEncodedInt64();
            if (type is null)
                continue;
            var next = reader.BaseStream.Position;
            reader.BaseStream.Position = offset;
            builder.Add(name, type, AnnotationCodec.Read(reader.BaseStream, isCompressed, type));
            reader.BaseStream.Position = next;
        }

        return builder.ToAnnotations();
    }
}
