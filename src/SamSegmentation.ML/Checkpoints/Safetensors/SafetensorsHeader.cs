using System.Text.Json;
using SamSegmentation.ML.Checkpoints.Storage;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints.Safetensors;

/// <summary>
/// The JSON header of a safetensors file, read token by token, because only so are duplicate keys seen.
/// </summary>
internal sealed class SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";

    private readonly CheckpointFile _file;
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly List<SafetensorsTensor> _tensors = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private SafetensorsHeader(CheckpointFile file) => _file = file;

    public IReadOnlyList<SafetensorsTensor> Tensors => _tensors;

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="CheckpointFormatException">The JSON breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(CheckpointFile file, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
            throw file.Error("header", "it does not begin with '{'.");
        var header = new SafetensorsHeader(file);
        // Trailing spaces are the padding that the format allows; anything else after the object is an error of the reader.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 3 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            if (!header._keys.Add(key))
                throw file.Error($"header key '{key}'", "it occurs twice.");
            reader.Read();
            if (key == MetadataKey)
                header.ReadMetadata(ref reader);
            else
                header._tensors.Add(header.ReadTensor(ref reader, key));
        }
        if (reader.Read())
            throw file.Error("header", "something follows the JSON object.");
        return header;
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw _file.Error(MetadataKey, "it must be an object of strings.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw _file.Error($"{MetadataKey} key '{key}'", $"its value must be a string, not a {reader.TokenType}.");
            if (!_metadata.TryAdd(key, reader.GetString()!))
                throw _file.Error($"{MetadataKey} key '{key}'", "it occurs twice.");
        }
    }

    private SafetensorsTensor ReadTensor(ref Utf8JsonReader reader, string name)
    {
        var place = $"tensor '{name}'";
        if (reader.TokenType != JsonTokenType.StartObject)
            throw _file.Error(place, "its description must be an object with dtype, shape and data_offsets.");
        ScalarType? dtype = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (key == "dtype" && dtype is null)
                dtype = ReadDType(ref reader, place);
            else if (key == "shape" && shape is null)
                shape = ReadNumbers(ref reader, place, key);
            else if (key == "data_offsets" && offsets is null)
                offsets = ReadNumbers(ref reader, place, key);
            else
                throw _file.Error(place, $"the key '{key}' occurs twice or is not one of dtype, shape, data_offsets.");
        }
        if (dtype is null || shape is null || offsets is null)
            throw _file.Error(place, $"{(dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets")} is missing.");
        if (offsets.Count != 2 || offsets[0] > offsets[1])
            throw _file.Error(place, $"data_offsets must be [begin, end] with begin ≤ end, not [{string.Join(", ", offsets)}].");
        var bytes = TensorLayout.ByteCount(_file, place, shape, dtype.Value);
        if (bytes != offsets[1] - offsets[0])
            throw _file.Error(place, $"{dtype} [{string.Join(", ", shape)}] needs {bytes} bytes, but its data_offsets hold {offsets[1] - offsets[0]}.");
        return new SafetensorsTensor(new CheckpointEntry(name, dtype.Value, shape), offsets[0], offsets[1]);
    }

    private ScalarType ReadDType(ref Utf8JsonReader reader, string place)
    {
        var name = reader.TokenType == JsonTokenType.String ? reader.GetString()! : reader.TokenType.ToString();
        return SafetensorsDType.TryParse(name, out var dtype)
            ? dtype
            : throw _file.Error(place, $"its dtype '{name}' is none of {SafetensorsDType.Known}.");
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string place, string key)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw _file.Error(place, $"{key} must be an array of whole numbers.");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // "-0" is a number of its own kind: the format's other readers refuse it.
            if (reader.TokenType != JsonTokenType.Number || reader.ValueSpan[0] == (byte)'-' || !reader.TryGetInt64(out var number))
                throw _file.Error(place, $"{key} must hold whole numbers from 0 to {long.MaxValue}.");
            if (numbers.Count == TensorLayout.MaxDimensions)
                throw _file.Error(place, $"{key} holds more than {TensorLayout.MaxDimensions} numbers.");
            numbers.Add(number);
        }
        return numbers;
    }
}
