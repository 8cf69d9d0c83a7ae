namespace SamSegmentation.ML.Checkpoints.PyTorch;

/// <summary>Where a whole storage lies in the file; its reader has checked that it does.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Count">Elements.</param>
internal sealed record StoredRun(long Offset, long Count);
