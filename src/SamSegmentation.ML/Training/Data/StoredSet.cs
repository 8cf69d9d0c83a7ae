using SamSegmentation.ML.Embeddings;

namespace SamSegmentation.ML.Training.Data;

/// <summary>A set of samples that lies in the cache.</summary>
/// <param name="Samples">The samples in the set's order; each as all its views, of which the first is the image itself.</param>
/// <param name="Views">Views of each sample.</param>
/// <param name="Computed">How many inputs were computed; the others were in the cache.</param>
/// <param name="Damaged">Inputs that were there, could not be trusted, and were computed again.</param>
internal sealed record StoredSet(IReadOnlyList<StoredSample> Samples, int Views, int Computed, IReadOnlyList<DamagedEntry> Damaged)
{
    /// <summary>Number of samples.</summary>
    public int Count => Samples.Count / Views;

    /// <summary>A view of a sample.</summary>
    public StoredSample this[PlannedSample planned] => Samples[planned.Index * Views + planned.View];
}
