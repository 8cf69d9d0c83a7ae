using System.Globalization;
using System.Numerics;
using SamSegmentation.ML.Checkpoints.Pickles;
using SamSegmentation.ML.Checkpoints.Storage;

namespace SamSegmentation.ML.Checkpoints.PyTorch;

/// <summary>
/// Reads the structure of what torch.save wrote before PyTorch 1.6: pickles of a magic number, a protocol version,
/// the writing system's sizes, the object, and the storages' keys; then for each key a 64-bit count and its elements.
/// </summary>
internal static class LegacyCheckpointReader
{
    private const int CountBytes = 8;
    private const long ProtocolVersion = 1001;
    private const string Place = "pickles";

    private static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Whether the file begins like a pickle of protocol 2 or later.</summary>
    public static bool Sniff(ReadOnlySpan<byte> start) => start.Length >= 2 && start[0] == (byte)PickleOpcode.Proto && start[1] is >= 2 and <= 5;

    public static CheckpointContents Read(CheckpointFile file)
    {
        var stream = new PickleStream(file, Place, 0, file.Length);
        if (Unpickler.Read(stream) is not BigInteger magic || magic != Magic)
            throw file.Error("magic number", "the file is a Python pickle, but not one that torch.save wrote.");
        if (Unpickler.Read(stream) is not ProtocolVersion)
            throw file.Error("protocol version", $"it is not {ProtocolVersion}.");
        if (Unpickler.Read(stream) is not PickleDictionary system || system.Find("little_endian") is not true)
            throw file.Error("system", "the file's numbers are not little-endian; save it again on a little-endian machine.");
        var start = stream.Position;
        var state = StateFlattener.Flatten(file, Unpickler.Read(stream), stream.Position - start);
        if (Unpickler.Read(stream) is not List<object?> keys)
            throw stream.Error("no list of the storages' keys.");

        var runs = ReadRuns(file, stream.Position, keys, StoragesOf(file, state));
        return new CheckpointContents(TensorPlacement.PlaceAll(file, state.Tensors, storage => runs[storage.Key]), state.Metadata);
    }

    private static Dictionary<string, PickleStorage> StoragesOf(CheckpointFile file, StateFlattener state)
    {
        var storages = new Dictionary<string, PickleStorage>(StringComparer.Ordinal);
        foreach (var (_, tensor) in state.Tensors)
        {
            var storage = tensor.Storage;
            if (!storages.TryAdd(storage.Key, storage))
                new StorageUse(storages[storage.Key], new StoredRun(0, 0)).MustBeOf(file, storage);
        }
        return storages;
    }

    private static Dictionary<string, StoredRun> ReadRuns(
        CheckpointFile file, long position, List<object?> keys, Dictionary<string, PickleStorage> storages)
    {
        var runs = new Dictionary<string, StoredRun>(StringComparer.Ordinal);
        Span<byte> countBytes = stackalloc byte[CountBytes];
        foreach (var key in keys)
        {
            // The storages stand one behind the other, so one of unknown type hides all that follow.
            if (key is not string name)
                throw file.Error("storage keys", $"a {PickleValue.KindOf(key)} is among them; each is a str.");
            if (!storages.TryGetValue(name, out var storage))
                throw file.Error("storage keys", $"no tensor uses the storage '{name}'.");
            file.Read(position, countBytes, $"storage '{name}'");
            var count = BitConverter.ToInt64(countBytes);
            position += CountBytes;
            if (count != storage.TotalCount)
                throw file.Error($"storage '{name}'", $"it has {count} elements where its tensors expect {storage.TotalCount}.");
            var bytes = Math.BigMul(count, (long)ElementSize.Of(storage.DType));
            if (bytes > file.Length - position)
                throw file.Error($"storage '{name}'", $"{count} elements of {storage.DType} need {bytes} bytes, but {file.Length - position} follow.");
            if (!runs.TryAdd(name, new StoredRun(position, count)))
                throw file.Error($"storage '{name}'", "its key occurs twice.");
            position += (long)bytes;
        }
        if (position != file.Length)
            throw file.Error($"byte {position}", $"{file.Length - position} bytes follow the last storage.");
        var missing = storages.Keys.FirstOrDefault(name => !runs.ContainsKey(name));
        if (missing is not null)
            throw file.Error($"storage '{missing}'", "a tensor needs it, but it is not there.");
        return runs;
    }
}
