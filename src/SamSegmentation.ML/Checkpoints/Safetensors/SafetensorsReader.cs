using System.Buffers.Binary;
using System.Text.Json;
using SamSegmentation.ML.Checkpoints.Storage;

namespace SamSegmentation.ML.Checkpoints.Safetensors;

/// <summary>
/// Reads the structure of a safetensors file: 8 bytes of header length, a JSON header, the tensors' bytes. Every rule
/// of the format (huggingface.co/docs/safetensors) is checked before a tensor is believed.
/// </summary>
internal static class SafetensorsReader
{
    public const int LengthBytes = 8;

    /// <summary>The format's own limit.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    /// <summary>Whether the file begins like a safetensors file: a length, then the JSON object's brace.</summary>
    public static bool Sniff(ReadOnlySpan<byte> start) => start.Length > LengthBytes && start[LengthBytes] == (byte)'{';

    public static CheckpointContents Read(CheckpointFile file)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        file.Read(0, prefix, "header length");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes)
            throw file.Error("header length", $"the header claims {length} bytes; the format allows {MaxHeaderBytes}.");
        if (length > (ulong)(file.Length - LengthBytes))
            throw file.Error("header length", $"the header claims {length} bytes, but {file.Length - LengthBytes} follow.");

        var json = new byte[length];
        file.Read(LengthBytes, json, "header");
        SafetensorsHeader header;
        try
        {
            header = SafetensorsHeader.Parse(file, json);
        }
        // Utf8JsonReader reports text that is not UTF-8 by InvalidOperationException.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw file.Error("header", $"it is not the JSON that the format asks for: {error.Message}", error);
        }
        return new CheckpointContents(Place(file, header.Tensors, LengthBytes + (long)length), header.Metadata);
    }

    /// <summary>Checks that the tensors fill the rest of the file without a hole or an overlap.</summary>
    private static StoredTensor[] Place(CheckpointFile file, IReadOnlyList<SafetensorsTensor> tensors, long dataStart)
    {
        var expected = 0L;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            var place = $"tensor '{tensor.Entry.Name}'";
            if (tensor.Begin != expected)
            {
                var fault = tensor.Begin < expected ? "overlaps the tensor before it" : "leaves a hole before it";
                throw file.Error(place, $"it begins at byte {tensor.Begin} of the data and {fault}; {expected} was expected.");
            }
            if (tensor.End > file.Length - dataStart)
                throw file.Error(place, $"it ends at byte {tensor.End} of the data, of which the file has {file.Length - dataStart}.");
            expected = tensor.End;
        }
        if (expected != file.Length - dataStart)
            throw file.Error("end of the data", $"the tensors need {expected} bytes, but the file has {file.Length - dataStart}.");
        return [.. tensors.Select(tensor => new StoredTensor(tensor.Entry, dataStart + tensor.Begin, tensor.Entry.Count, null))];
    }
}
