using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Embeddings;

/// <summary>An image whose embedding lies in the cache.</summary>
/// <param name="Id">The image's id.</param>
/// <param name="Key">The embedding's key.</param>
/// <param name="Geometry">Where the image lies in the encoder's input.</param>
public sealed record EmbeddedImage(string Id, CacheKey Key, ImageGeometry Geometry);
