using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Embeddings;

/// <summary>One image on its way through <see cref="EmbeddingPass"/>.</summary>
/// <param name="Image">Its id, key and geometry.</param>
/// <param name="Prepared">The encoder's input; null when the cache holds the embedding.</param>
/// <param name="Damage">What is wrong with the entry that the cache holds, if anything.</param>
internal sealed record EmbeddingJob(EmbeddedImage Image, PreparedImage? Prepared, string? Damage);
