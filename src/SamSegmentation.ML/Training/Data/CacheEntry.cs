using SamSegmentation.ML.Embeddings;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Data;

/// <summary>Reads entries that the run itself has put into the cache.</summary>
internal static class CacheEntry
{
    /// <exception cref="IOException">The entry is gone or damaged: the images are read once, so it cannot be made again.</exception>
    public static Tensor Read(TensorCache cache, string id, CacheKey key, ScalarType dtype, IReadOnlyList<long> shape)
    {
        var found = cache.Read(key, dtype, shape);
        return found.Tensor
            ?? throw new IOException($"The cache entry '{cache.PathOf(key)}' of sample '{id}' {(found.Damage is { } damage ? $"is damaged: {damage}" : "is gone")}. Training needs it until its end; start again to have it computed anew.");
    }
}
