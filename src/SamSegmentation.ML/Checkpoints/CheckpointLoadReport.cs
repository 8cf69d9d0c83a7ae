namespace SamSegmentation.ML.Checkpoints;

/// <summary>What loading a checkpoint did.</summary>
/// <param name="Path">The checkpoint.</param>
/// <param name="Layout">Whose names it uses.</param>
/// <param name="Loaded">Names of the network's tensors that took the checkpoint's values, in ordinal order.</param>
/// <param name="Initialised">Names of the network's tensors that kept what they had: hypernetworks that SAM has not, or what lies outside of the part that was asked for.</param>
/// <param name="Unused">Names of the checkpoint's tensors that the network did not need: copies, SAM's further hypernetworks, what lies outside of the part.</param>
public sealed record CheckpointLoadReport(
    string Path,
    SamCheckpointLayout Layout,
    IReadOnlyList<string> Loaded,
    IReadOnlyList<string> Initialised,
    IReadOnlyList<string> Unused);
