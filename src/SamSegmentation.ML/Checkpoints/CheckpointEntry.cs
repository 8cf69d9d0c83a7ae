using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>One tensor that a checkpoint holds.</summary>
/// <param name="Name">Its name; parts of nested dictionaries are joined by dots.</param>
/// <param name="DType">Its element type as stored.</param>
/// <param name="Shape">Its sizes; empty for a scalar.</param>
public sealed record CheckpointEntry(string Name, ScalarType DType, IReadOnlyList<long> Shape)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
