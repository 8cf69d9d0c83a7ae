using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Data;

/// <summary>Small photographs in the cache, in the order in which they came, each under a key of its content.</summary>
/// <remarks>The images of a run are read once; what is shown of them later must be kept.</remarks>
/// <param name="cache">The cache.</param>
internal sealed class PhotoStore(TensorCache cache)
{
    private const string Kind = "photograph, 1";
    private const int Channels = 3;

    private readonly List<(CacheKey Key, int Height, int Width)> _photos = [];

    /// <summary>Keeps a photograph.</summary>
    public void Add(RgbImage photo)
    {
        using var builder = new CacheKeyBuilder(Kind);
        var key = builder.Add("size", photo.Height, photo.Width).Add("pixels", photo.Pixels).Build();
        _photos.Add((key, photo.Height, photo.Width));
        long[] shape = [photo.Height, photo.Width, Channels];
        var found = cache.Read(key, ScalarType.Byte, shape);
        found.Tensor?.Dispose();
        if (found.Tensor is not null)
            return;
        using var scope = NewDisposeScope();
        cache.Write(key, tensor(photo.Pixels, shape));
    }

    /// <summary>Reads a photograph back.</summary>
    /// <param name="index">Its place in the order.</param>
    /// <param name="id">The sample's id, for errors.</param>
    /// <exception cref="IOException">The entry is gone or damaged.</exception>
    public RgbImage Read(int index, string id)
    {
        var (key, height, width) = _photos[index];
        using var stored = CacheEntry.Read(cache, id, key, ScalarType.Byte, [height, width, Channels]);
        return new RgbImage(height, width, stored.bytes.ToArray());
    }
}
