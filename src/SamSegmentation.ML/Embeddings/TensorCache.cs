using System.Security.Cryptography;
using SamSegmentation.ML.Checkpoints;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Embeddings;

/// <summary>
/// Tensors on disk by key, each a safetensors file of its own in two levels of folders. An entry is written atomically
/// and carries its key and the SHA-256 of its content; both, the shape and the dtype are checked whenever it is read.
/// </summary>
/// <remarks>Several threads and several processes may share a folder: an entry's content follows from its key.</remarks>
public sealed class TensorCache
{
    private const string TensorName = "data";
    private const string KeyField = "key";
    private const string HashField = "sha256";

    /// <summary>Uses a folder as a cache; it is created when absent.</summary>
    /// <param name="folder">The folder's path.</param>
    public TensorCache(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(Folder);
    }

    /// <summary>The folder's full path.</summary>
    public string Folder { get; }

    /// <summary>The file in which the entry of a key lies, whether it is there or not.</summary>
    /// <param name="key">The entry's key.</param>
    public string PathOf(CacheKey key) => Path.Combine(Folder, key.Hex[..2], key.Hex[2..4], $"{key.Hex}.safetensors");

    /// <summary>Reads and checks an entry.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="dtype">The dtype it must have.</param>
    /// <param name="shape">The shape it must have; null takes any.</param>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    public CacheLookup Read(CacheKey key, ScalarType dtype, IReadOnlyList<long>? shape = null)
    {
        var path = PathOf(key);
        if (!File.Exists(path))
            return default;
        try
        {
            using var file = Checkpoint.Open(path);
            if (FindFault(file, key, dtype, shape) is { } fault)
                return new CacheLookup(null, fault);
            var tensor = file.Read(TensorName).DetachFromDisposeScope();
            var hash = HashOf(tensor);
            if (file.Metadata[HashField] == hash)
                return new CacheLookup(tensor, null);
            tensor.Dispose();
            return new CacheLookup(null, $"its content hashes to {hash}, not to {file.Metadata[HashField]} as when it was written");
        }
        catch (CheckpointFormatException e)
        {
            return new CacheLookup(null, $"{e.Place}: {e.Reason}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Another process deleted it after the test above.
            return default;
        }
    }

    /// <summary>Writes an entry, replacing one that is there.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="tensor">A contiguous tensor on the CPU.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(CacheKey key, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var metadata = new Dictionary<string, string> { [KeyField] = key.Hex, [HashField] = HashOf(tensor) };
        SafetensorsFile.Write(path, [new(TensorName, tensor)], metadata);
    }

    private static string? FindFault(Checkpoint file, CacheKey key, ScalarType dtype, IReadOnlyList<long>? shape)
    {
        if (!file.Metadata.TryGetValue(KeyField, out var found) || found != key.Hex)
            return $"its key is {found ?? "missing"}";
        if (!file.Metadata.ContainsKey(HashField))
            return $"its {HashField} is missing";
        if (!file.Entries.TryGetValue(TensorName, out var entry))
            return $"its tensor '{TensorName}' is missing";
        if (entry.DType != dtype)
            return $"its dtype is {entry.DType}, expected {dtype}";
        return shape is null || entry.Shape.SequenceEqual(shape)
            ? null
            : $"its shape is [{string.Join(", ", entry.Shape)}], expected [{string.Join(", ", shape)}]";
    }

    private static string HashOf(Tensor tensor) => Convert.ToHexStringLower(SHA256.HashData(tensor.bytes));
}
