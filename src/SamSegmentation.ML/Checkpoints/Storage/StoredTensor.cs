namespace SamSegmentation.ML.Checkpoints.Storage;

/// <summary>A tensor and the bytes of the file that hold it. Its reader has checked that they lie within the file.</summary>
/// <param name="Entry">Name, dtype and shape.</param>
/// <param name="Offset">Position in the file of the tensor's first element, in bytes.</param>
/// <param name="Extent">Elements from the first to the last that the tensor reaches, both counted.</param>
/// <param name="Strides">Elements between neighbours, for each dimension; null for a row-major tensor without gaps.</param>
internal sealed record StoredTensor(CheckpointEntry Entry, long Offset, long Extent, long[]? Strides);
