using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Training.Data;

/// <summary>A sample that lies in the cache.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Input">The key of what the network reads: an embedding or a resized image.</param>
/// <param name="Label">The key of its label map.</param>
/// <param name="Geometry">Where the image lies in the network's input.</param>
internal sealed record StoredSample(string Id, CacheKey Input, CacheKey Label, ImageGeometry Geometry);
