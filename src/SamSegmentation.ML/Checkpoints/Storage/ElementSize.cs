using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints.Storage;

/// <summary>Bytes per element of the dtypes that checkpoints may hold.</summary>
internal static class ElementSize
{
    public static int Of(ScalarType dtype) => dtype switch
    {
        ScalarType.Bool or ScalarType.Byte or ScalarType.Int8 => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 => 8,
        _ => throw new NotSupportedException($"Checkpoints do not hold elements of type {dtype}."),
    };
}
