namespace SamSegmentation.ML.Embeddings;

/// <summary>How far a pass over the images has come.</summary>
/// <param name="Done">Images whose embedding lies in the cache.</param>
/// <param name="Total">All images; null when the source does not say.</param>
/// <param name="Encoded">Those of <paramref name="Done"/> that the encoder computed in this pass.</param>
public sealed record EmbeddingProgress(int Done, int? Total, int Encoded);
