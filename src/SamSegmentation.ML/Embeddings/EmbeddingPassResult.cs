namespace SamSegmentation.ML.Embeddings;

/// <summary>What a pass over the images did.</summary>
/// <param name="Images">The images in the source's order.</param>
/// <param name="Encoded">How many embeddings the encoder computed; the others were in the cache.</param>
/// <param name="Damaged">The entries that were there, could not be trusted, and were computed again.</param>
public sealed record EmbeddingPassResult(IReadOnlyList<EmbeddedImage> Images, int Encoded, IReadOnlyList<DamagedEntry> Damaged);
