using System.Runtime.InteropServices;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Data;

/// <summary>Label maps at their own size in the cache, each under a key of its content.</summary>
/// <param name="cache">The cache.</param>
/// <param name="voidId">The id of pixels that do not count; with 255, every id fits a byte.</param>
/// <param name="reuse">Whether maps that the cache holds are used.</param>
internal sealed class LabelStore(TensorCache cache, int voidId, bool reuse)
{
    private const string Kind = "label map, 1";

    private readonly bool _isNarrow = voidId <= byte.MaxValue;

    // torch has no unsigned 16-bit integers; their bits are kept as signed ones.
    private ScalarType ElementType => _isNarrow ? ScalarType.Byte : ScalarType.Int16;

    /// <summary>Keeps a map, unless it is there and sound.</summary>
    public CacheKey Write(LabelMap map)
    {
        var bytes = _isNarrow ? Array.ConvertAll(map.Ids, id => (byte)id) : MemoryMarshal.AsBytes<ushort>(map.Ids).ToArray();
        var key = KeyOf(map, bytes);
        if (reuse)
        {
            var found = cache.Read(key, ElementType, [map.Height, map.Width]);
            found.Tensor?.Dispose();
            if (found.Tensor is not null)
                return key;
        }
        long[] shape = [map.Height, map.Width];
        using var scope = NewDisposeScope();
        var stored = _isNarrow ? tensor(bytes, shape) : tensor(MemoryMarshal.Cast<byte, short>(bytes).ToArray(), shape);
        cache.Write(key, stored);
        return key;
    }

    /// <summary>Reads a map back.</summary>
    /// <exception cref="IOException">The entry is gone or damaged.</exception>
    public LabelMap Read(StoredSample sample)
    {
        var (height, width) = (sample.Geometry.OriginalHeight, sample.Geometry.OriginalWidth);
        using var stored = CacheEntry.Read(cache, sample.Id, sample.Label, ElementType, [height, width]);
        var bytes = stored.bytes;
        return new LabelMap(height, width, _isNarrow ? Widen(bytes) : MemoryMarshal.Cast<byte, ushort>(bytes).ToArray());
    }

    private CacheKey KeyOf(LabelMap map, byte[] bytes)
    {
        using var builder = new CacheKeyBuilder(Kind);
        return builder.Add("dtype", ElementType.ToString()).Add("size", map.Height, map.Width).Add("ids", bytes).Build();
    }

    private static ushort[] Widen(ReadOnlySpan<byte> bytes)
    {
        var ids = new ushort[bytes.Length];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = bytes[i];
        return ids;
    }
}
