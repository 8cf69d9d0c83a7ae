using SamSegmentation.ML.Checkpoints.Pickles;
using SamSegmentation.ML.Checkpoints.Storage;

namespace SamSegmentation.ML.Checkpoints.PyTorch;

/// <summary>A storage, as the first tensor that uses it states it.</summary>
internal sealed record StorageUse(PickleStorage First, StoredRun Run)
{
    /// <summary>Checks that another tensor means the same storage by the same key.</summary>
    public void MustBeOf(CheckpointFile file, PickleStorage other)
    {
        if (other.DType != First.DType || other.TotalCount != First.TotalCount)
            throw file.Error($"storage '{other.Key}'", $"one tensor takes it for {First.TotalCount} {First.DType}, another for {other.TotalCount} {other.DType}.");
    }
}
