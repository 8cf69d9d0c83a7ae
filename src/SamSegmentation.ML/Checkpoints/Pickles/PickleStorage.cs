using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>A reference from a pickle to a run of elements that the file holds elsewhere.</summary>
/// <param name="Key">The name of the whole storage.</param>
/// <param name="DType">Its elements' type.</param>
/// <param name="TotalCount">Elements of the whole storage.</param>
/// <param name="First">First element of this run.</param>
/// <param name="Count">Elements of this run.</param>
internal sealed record PickleStorage(string Key, ScalarType DType, long TotalCount, long First, long Count);
