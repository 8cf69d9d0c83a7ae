namespace SamSegmentation.ML.Checkpoints.Storage;

/// <summary>What a format's reader found: where each tensor lies, and the texts beside them.</summary>
/// <param name="Tensors">The tensors in the file's order; names are distinct.</param>
/// <param name="Metadata">Texts and numbers that the file holds beside its tensors.</param>
internal sealed record CheckpointContents(
    IReadOnlyList<StoredTensor> Tensors,
    IReadOnlyDictionary<string, string> Metadata);
