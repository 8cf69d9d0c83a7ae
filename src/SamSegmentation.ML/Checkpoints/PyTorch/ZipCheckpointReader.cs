using SamSegmentation.ML.Checkpoints.Pickles;
using SamSegmentation.ML.Checkpoints.Storage;

namespace SamSegmentation.ML.Checkpoints.PyTorch;

/// <summary>
/// Reads the structure of what torch.save writes since PyTorch 1.6: a zip archive with <c>NAME/data.pkl</c> and one
/// entry <c>NAME/data/KEY</c> per storage, not compressed.
/// </summary>
internal static class ZipCheckpointReader
{
    private const string PickleName = "data.pkl";

    public static CheckpointContents Read(CheckpointFile file)
    {
        var archive = ZipDirectory.Read(file);
        var pickles = archive.Names.Where(name => name == PickleName || name.EndsWith($"/{PickleName}", StringComparison.Ordinal)).ToArray();
        if (pickles.Length != 1)
            throw file.Error("zip directory", $"{pickles.Length} entries are named {PickleName}; torch.save writes one.");
        var prefix = pickles[0][..^PickleName.Length];
        CheckByteOrder(file, archive, $"{prefix}byteorder");
        var entry = archive.FindStored(pickles[0])!;
        var pickle = new PickleStream(file, $"'{entry.Name}'", entry.Offset, entry.Offset + entry.Length);
        var state = StateFlattener.Flatten(file, Unpickler.Read(pickle), pickle.BytesRead);

        var runs = new Dictionary<string, StorageUse>(StringComparer.Ordinal);
        return new CheckpointContents(TensorPlacement.PlaceAll(file, state.Tensors, FindRun), state.Metadata);

        StoredRun FindRun(PickleStorage storage)
        {
            var name = $"{prefix}data/{storage.Key}";
            if (!runs.TryGetValue(storage.Key, out var use))
            {
                var data = archive.FindStored(name) ?? throw file.Error($"zip entry '{name}'", "a tensor needs it, but it is not there.");
                // In 128 bits, since the count is the file's word.
                if (Math.BigMul(storage.TotalCount, (long)ElementSize.Of(storage.DType)) != data.Length)
                    throw file.Error($"zip entry '{name}'", $"it has {data.Length} bytes, but {storage.TotalCount} elements of {storage.DType} are expected.");
                runs[storage.Key] = use = new StorageUse(storage, new StoredRun(data.Offset, storage.TotalCount));
            }
            use.MustBeOf(file, storage);
            return use.Run;
        }
    }

    private static void CheckByteOrder(CheckpointFile file, ZipDirectory archive, string name)
    {
        // Absent before PyTorch 2.1.
        if (archive.FindStored(name) is not { } entry)
            return;
        Span<byte> order = stackalloc byte[(int)Math.Min(entry.Length, 16)];
        file.Read(entry.Offset, order, $"zip entry '{name}'");
        if (!order.SequenceEqual("little"u8))
            throw file.Error($"zip entry '{name}'", "the file's numbers are not little-endian; save it again on a little-endian machine.");
    }
}
