using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using SamSegmentation.ML.Checkpoints.Safetensors;
using SamSegmentation.ML.Checkpoints.Storage;
using SamSegmentation.ML.IO;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>Writes safetensors files (huggingface.co/docs/safetensors); <see cref="Checkpoint"/> reads them.</summary>
public static class SafetensorsFile
{
    // The data begins at a multiple of this, and wide dtypes come first, so that every tensor is aligned to its elements.
    private const int Alignment = 8;

    /// <summary>
    /// Writes tensors to a file, atomically: the path holds the old content or the new one, never a part. The same
    /// tensors and metadata give the same bytes, in whatever order they come.
    /// </summary>
    /// <param name="path">The file; missing folders are made.</param>
    /// <param name="tensors">Names and tensors, of any device and strides; each is stored in its own dtype.</param>
    /// <param name="metadata">Texts to store beside them.</param>
    /// <exception cref="ArgumentException">A name occurs twice, is reserved or no Unicode text, or a dtype has no name in the format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var ordered = Order(tensors);
        var header = Header(ordered, metadata);
        AtomicFile.Write(path, stream => Write(stream, ordered, header));
    }

    /// <summary>Writes the same bytes to a stream, a tensor after the other, so that memory does not grow by their size.</summary>
    /// <param name="stream">Where they go; it stays open.</param>
    /// <param name="tensors">Names and tensors, of any device and strides; each is stored in its own dtype.</param>
    /// <param name="metadata">Texts to store beside them.</param>
    /// <exception cref="ArgumentException">A name occurs twice, is reserved or no Unicode text, or a dtype has no name in the format.</exception>
    public static void Write(
        Stream stream,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var ordered = Order(tensors);
        Write(stream, ordered, Header(ordered, metadata));
    }

    private static KeyValuePair<string, Tensor>[] Order(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var all = tensors.ToArray();
        Check(all);
        return [.. all.OrderByDescending(pair => ElementSize.Of(pair.Value.dtype)).ThenBy(pair => pair.Key, StringComparer.Ordinal)];
    }

    private static void Write(Stream stream, KeyValuePair<string, Tensor>[] ordered, byte[] header)
    {
        Span<byte> length = stackalloc byte[SafetensorsReader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in ordered)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            TensorBytes.ForEachChunk(tensor.detach().cpu().contiguous(), (bytes, _) => stream.Write(bytes));
        }
    }

    private static void Check(KeyValuePair<string, Tensor>[] tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            if (name == SafetensorsHeader.MetadataKey)
                throw new ArgumentException($"'{name}' is not a tensor's name; the format keeps it for metadata.", nameof(tensors));
            CheckUnicode(name);
            if (!names.Add(name))
                throw new ArgumentException($"The tensor '{name}' occurs twice.", nameof(tensors));
            if (!SafetensorsDType.TryFormat(tensor.dtype, out _))
                throw new ArgumentException($"The tensor '{name}' is {tensor.dtype}; safetensors files hold {SafetensorsDType.Known}.", nameof(tensors));
        }
    }

    // The JSON writer would put another letter in the place of half a surrogate pair, in silence.
    private static void CheckUnicode(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
                throw new ArgumentException($"The text '{text}' holds half a surrogate pair, which UTF-8 has not.");
            rest = rest[length..];
        }
    }

    private static byte[] Header(KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    CheckUnicode(key);
                    CheckUnicode(value);
                    json.WriteString(key, value);
                }
                json.WriteEndObject();
            }
            var position = 0L;
            foreach (var (name, tensor) in tensors)
            {
                SafetensorsDType.TryFormat(tensor.dtype, out var dtype);
                var end = position + tensor.numel() * ElementSize.Of(tensor.dtype);
                json.WriteStartObject(name);
                json.WriteString("dtype", dtype);
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", [position, end]);
                json.WriteEndObject();
                position = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % Alignment != 0)
            buffer.WriteByte((byte)' ');
        return buffer.Length <= SafetensorsReader.MaxHeaderBytes
            ? buffer.ToArray()
            : throw new ArgumentException($"The header would take {buffer.Length} bytes; the format allows {SafetensorsReader.MaxHeaderBytes}.");
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, long[] numbers)
    {
        json.WriteStartArray(key);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
