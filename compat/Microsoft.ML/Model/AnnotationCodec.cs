using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The value of an annotation in a file: a number, a truth, a text, or a vector of those.</summary>
internal static class AnnotationCodec
{
    private const int Dense = -1;

    public static byte[] BytesOrNull(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        if (!CanWrite(annotation.Type))
            return null;
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        if (annotation.Type is VectorDataViewType vector)
            GenericCall.Invoke<object>(WriteVector<int>, vector.ItemType.RawType, writer, annotations, annotation);
        else
            GenericCall.Invoke<object>(WriteValue<int>, annotation.Type.RawType, writer, annotations, annotation);
        writer.Flush();
        return bytes.ToArray();
    }

    public static Delegate Read(Stream stream, bool isCompressed, DataViewType type)
    {
        using var decompressed = isCompressed ? new DeflateStream(stream, CompressionMode.Decompress, leaveOpen: true) : null;
        using var reader = new BinaryReader((Stream)decompressed ?? stream, Encoding.UTF8, leaveOpen: true);
        return type is VectorDataViewType vector
            ? GenericCall.Invoke<Delegate>(ReadVector<int>, vector.ItemType.RawType, reader, vector)
            : GenericCall.Invoke<Delegate>(ReadValue<int>, type.RawType, reader);
    }

    private static bool CanWrite(DataViewType type) =>
        type.ItemType() is NumberDataViewType or KeyDataViewType or TextDataViewType or BooleanDataViewType or TimeSpanDataViewType;

    private static object WriteValue<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        T value = default;
        annotations.GetGetter<T>(annotation)(ref value);
        WriteItems(writer, [value]);
        return null;
    }

    private static object WriteVector<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        VBuffer<T> vector = default;
        annotations.GetGetter<VBuffer<T>>(annotation)(ref vector);
        // One vector of so many values. A length of 0 stands for lengths of their own.
        writer.Write(1);
        writer.Write(vector.Length);
        if (vector.Length == 0)
            writer.Write(0);
        // How many values are stored, then the indices of those that are.
        writer.Write(vector.IsDense ? Dense : vector.GetValues().Length);
        writer.Write(vector.GetIndices().Length);
        foreach (var index in vector.GetIndices())
            writer.Write(index);
        WriteItems(writer, vector.GetValues().ToArray());
        return null;
    }

    private static Delegate ReadValue<T>(BinaryReader reader)
    {
        var value = ReadItems<T>(reader, 1)[0];
        return (ValueGetter<T>)((ref T destination) => destination = value);
    }

    private static Delegate ReadVector<T>(BinaryReader reader, VectorDataViewType type)
    {
        var count = reader.ReadInt32();
        var length = reader.ReadInt32();
        if (length == 0)
            length = reader.ReadInt32();
        var stored = reader.ReadInt32();
        var indices = new int[Sound(reader.ReadInt32(), length)];
        for (var i = 0; i < indices.Length; i++)
            indices[i] = Sound(reader.ReadInt32(), length);
        Contracts.CheckDecode(null, count == 1 && length >= 0 && (stored == Dense || stored == indices.Length), "Corrupt model file: an annotation");
        Contracts.CheckDecode(null, !type.IsKnownSize || type.Size == length, "Corrupt model file: an annotation's size");
        var values = ReadItems<T>(reader, stored == Dense ? length : stored);
        var vector = stored == Dense ? new VBuffer<T>(length, values) : new VBuffer<T>(length, stored, values, indices);
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) => vector.CopyTo(ref destination));
    }

    private static int Sound(int value, int limit)
    {
        Contracts.CheckDecode(null, value >= 0 && value <= limit, "Corrupt model file: an annotation's indices");
        return value;
    }

    private static void WriteItems<T>(BinaryWriter writer, T[] items)
    {
        switch (items)
        {
            case ReadOnlyMemory<char>[] texts:
                writer.Write(texts.Length);
                var end = 0;
                foreach (var text in texts)
                    writer.Write(end += text.Length);
                writer.Write(string.Concat(texts));
                break;
            case bool[] truths:
                for (var i = 0; i < truths.Length; i += 8)
                    writer.Write((byte)truths.Skip(i).Take(8).Select((truth, bit) => truth ? 1 << bit : 0).Sum());
                break;
            default:
                writer.Write(Bytes(items));
                break;
        }
    }

    private static T[] ReadItems<T>(BinaryReader reader, int count)
    {
        if (typeof(T) == typeof(ReadOnlyMemory<char>))
            return (T[])(object)ReadTexts(reader, count);
        if (typeof(T) == typeof(bool))
        {
            var bits = reader.ReadBytes((count + 7) / 8);
            return (T[])(object)Enumerable.Range(0, count).Select(i => (bits[i / 8] & (1 << (i % 8))) != 0).ToArray();
        }

        // Read before anything of that size is made, as the count is only a claim.
        var bytes = reader.ReadBytes(checked(count * Unsafe.SizeOf<T>()));
        Contracts.CheckDecode(null, bytes.Length == count * Unsafe.SizeOf<T>(), "Corrupt model file: an annotation ends too early");
        var items = new T[count];
        bytes.CopyTo(Bytes(items));
        return items;
    }

    private static ReadOnlyMemory<char>[] ReadTexts(BinaryReader reader, int count)
    {
        Contracts.CheckDecode(null, reader.ReadInt32() == count, "Corrupt model file: an annotation's texts");
        var ends = new List<int>();
        for (var i = 0; i < count; i++)
            ends.Add(reader.ReadInt32() & int.MaxValue);
        var all = reader.ReadString();
        var texts = new ReadOnlyMemory<char>[count];
        var start = 0;
        for (var i = 0; i < count; i++)
        {
            Contracts.CheckDecode(null, ends[i] >= start && ends[i] <= all.Length, "Corrupt model file: an annotation's texts");
            texts[i] = all.AsMemory(start, ends[i] - start);
            start = ends[i];
        }

        return texts;
    }

    private static Span<byte> Bytes<T>(T[] items) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetArrayDataReference(items)), items.Length * Unsafe.SizeOf<T>());
}
