using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>
/// A Python name that a pickle may mention. The list is closed: any other name is refused, and none is ever called;
/// each stands for data that <see cref="TorchCalls"/> knows how to build.
/// </summary>
/// <param name="Name">Module and name.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="StorageType">The element type, if it names a storage.</param>
internal sealed record PickleGlobal(string Name, PickleGlobalKind Kind, ScalarType? StorageType = null)
{
    private static readonly Dictionary<string, PickleGlobal> Known = All().ToDictionary(known => known.Name, StringComparer.Ordinal);

    public static PickleGlobal? Find(string module, string name) => Known.GetValueOrDefault($"{module}.{name}");

    private static IEnumerable<PickleGlobal> All()
    {
        yield return new("collections.OrderedDict", PickleGlobalKind.OrderedDict);
        yield return new("torch._utils._rebuild_tensor", PickleGlobalKind.RebuildTensor);
        yield return new("torch._utils._rebuild_tensor_v2", PickleGlobalKind.RebuildTensorV2);
        yield return new("torch._utils._rebuild_parameter", PickleGlobalKind.RebuildParameter);
        yield return new("torch.Size", PickleGlobalKind.Size);
        yield return new("torch.device", PickleGlobalKind.Device);

        (string Name, ScalarType DType)[] storages =
        [
            ("Double", ScalarType.Float64), ("Float", ScalarType.Float32), ("Half", ScalarType.Float16),
            ("BFloat16", ScalarType.BFloat16), ("Long", ScalarType.Int64), ("Int", ScalarType.Int32),
            ("Short", ScalarType.Int16), ("Char", ScalarType.Int8), ("Byte", ScalarType.Byte), ("Bool", ScalarType.Bool),
        ];
        foreach (var (name, dtype) in storages)
        {
            yield return new($"torch.{name}Storage", PickleGlobalKind.Storage, dtype);
            // Before PyTorch 1.11 a storage on a GPU was named by its own class.
            yield return new($"torch.cuda.{name}Storage", PickleGlobalKind.Storage, dtype);
        }
        foreach (var name in (string[])["torch.UntypedStorage", "torch.storage.UntypedStorage", "torch.storage._UntypedStorage"])
            yield return new(name, PickleGlobalKind.Storage, ScalarType.Byte);
        foreach (var name in (string[])["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"])
            yield return new($"torch.{name}", PickleGlobalKind.DType);
    }
}
