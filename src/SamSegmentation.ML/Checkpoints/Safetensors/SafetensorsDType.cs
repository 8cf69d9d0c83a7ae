using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints.Safetensors;

/// <summary>The names of dtypes in a safetensors header.</summary>
internal static class SafetensorsDType
{
    private static readonly Dictionary<string, ScalarType> ByName = new(StringComparer.Ordinal)
    {
        ["F64"] = ScalarType.Float64,
        ["F32"] = ScalarType.Float32,
        ["F16"] = ScalarType.Float16,
        ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64,
        ["I32"] = ScalarType.Int32,
        ["I16"] = ScalarType.Int16,
        ["I8"] = ScalarType.Int8,
        ["U8"] = ScalarType.Byte,
        ["BOOL"] = ScalarType.Bool,
    };

    private static readonly Dictionary<ScalarType, string> ByType = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The known names, for messages.</summary>
    public static string Known { get; } = string.Join(", ", ByName.Keys);

    public static bool TryParse(string name, out ScalarType dtype) => ByName.TryGetValue(name, out dtype);

    public static bool TryFormat(ScalarType dtype, out string? name) => ByType.TryGetValue(dtype, out name);
}
