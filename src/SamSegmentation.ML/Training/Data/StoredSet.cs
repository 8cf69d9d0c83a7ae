using SamSegmentation.ML.Embeddings;

namespace SamSegmentation.ML.Training.Data;

/// <summary>A set of samples that lies in the cache.</summary>
/// <param name="Samples">The samples in the set's order.</param>
/// <param name="Computed">How many inputs were computed; the others were in the cache.</param>
/// <param name="Damaged">Inputs that were there, could not be trusted, and were computed again.</param>
internal sealed record StoredSet(IReadOnlyList<StoredSample> Samples, int Computed, IReadOnlyList<DamagedEntry> Damaged);
