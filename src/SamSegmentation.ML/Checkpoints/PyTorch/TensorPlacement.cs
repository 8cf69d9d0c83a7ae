using SamSegmentation.ML.Checkpoints.Pickles;
using SamSegmentation.ML.Checkpoints.Storage;

namespace SamSegmentation.ML.Checkpoints.PyTorch;

/// <summary>Finds a pickled tensor's bytes in the file, and checks that no element lies outside of its storage.</summary>
internal static class TensorPlacement
{
    // Files hold the same weights under several names (the reference's four times over), but no network this often.
    private const int MaxRepetition = 16;

    /// <summary>Places all tensors, which together may not be many times larger than the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="tensors">The tensors by name, in order.</param>
    /// <param name="run">Finds the bytes of a storage.</param>
    /// <exception cref="CheckpointFormatException">A tensor does not lie within its storage, or all are too large together.</exception>
    public static IReadOnlyList<StoredTensor> PlaceAll(
        CheckpointFile file, IEnumerable<KeyValuePair<string, PickleTensor>> tensors, Func<PickleStorage, StoredRun> run)
    {
        var placed = new List<StoredTensor>();
        Int128 bytes = 0;
        foreach (var (name, tensor) in tensors)
        {
            var stored = Place(file, name, tensor, run(tensor.Storage));
            placed.Add(stored);
            if ((bytes += stored.Entry.Count * ElementSize.Of(stored.Entry.DType)) > MaxRepetition * (Int128)file.Length)
                throw file.Error($"tensor '{name}'", $"the tensors up to here take {bytes} bytes, more than {MaxRepetition} times the file's {file.Length}; they repeat the same elements.");
        }
        return placed;
    }

    private static StoredTensor Place(CheckpointFile file, string name, PickleTensor tensor, StoredRun run)
    {
        var place = $"tensor '{name}'";
        var (storage, shape, strides) = (tensor.Storage, tensor.Shape, tensor.Strides);
        var entry = new CheckpointEntry(name, storage.DType, shape);
        var bytes = TensorLayout.ByteCount(file, place, shape, storage.DType);
        if (strides.Length != shape.Length)
            throw file.Error(place, $"it has {shape.Length} sizes but {strides.Length} strides.");
        if (tensor.Offset < 0 || strides.Any(stride => stride < 0))
            throw file.Error(place, $"its offset {tensor.Offset} or a stride of [{string.Join(", ", strides)}] is negative.");
        // A view can repeat elements (stride 0), so its size is bounded by the file and not by the storage.
        if (bytes > file.Length)
            throw file.Error(place, $"its shape [{string.Join(", ", shape)}] takes {bytes} bytes, but the whole file has {file.Length}.");
        if (bytes == 0)
            return new StoredTensor(entry, run.Offset, 0, null);

        var last = shape.Zip(strides, (size, stride) => Math.BigMul(size - 1, stride)).Aggregate((Int128)tensor.Offset, (sum, reach) => sum + reach);
        if (last >= storage.Count)
            throw file.Error(place, $"it reaches element {last} of storage '{storage.Key}', which has {storage.Count}.");
        var offset = run.Offset + (storage.First + tensor.Offset) * ElementSize.Of(storage.DType);
        var extent = (long)last - tensor.Offset + 1;
        return new StoredTensor(entry, offset, extent, IsRowMajor(shape, strides) ? null : strides);
    }

    private static bool IsRowMajor(long[] shape, long[] strides)
    {
        var expected = 1L;
        for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
        {
            if (shape[dimension] == 1)
                continue;
            if (strides[dimension] != expected)
                return false;
            expected *= shape[dimension];
        }
        return true;
    }
}
