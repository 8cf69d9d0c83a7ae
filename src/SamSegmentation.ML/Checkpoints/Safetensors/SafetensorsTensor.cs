namespace SamSegmentation.ML.Checkpoints.Safetensors;

/// <summary>A tensor as the header states it; its byte range fits its dtype and shape.</summary>
/// <param name="Entry">Name, dtype and shape.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">The byte after the last.</param>
internal sealed record SafetensorsTensor(CheckpointEntry Entry, long Begin, long End);
