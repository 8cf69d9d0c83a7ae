namespace SamSegmentation.ML.Embeddings;

/// <summary>A cache entry that could not be trusted and was computed again.</summary>
/// <param name="Id">The image's id.</param>
/// <param name="Path">The entry's file.</param>
/// <param name="Reason">What was found in it.</param>
public sealed record DamagedEntry(string Id, string Path, string Reason);
