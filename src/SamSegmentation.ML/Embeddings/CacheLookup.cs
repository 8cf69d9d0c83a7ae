using TorchSharp;

namespace SamSegmentation.ML.Embeddings;

/// <summary>What a cache holds for a key.</summary>
/// <param name="Tensor">The content on the CPU, checked; the caller disposes it. Null when there is none to trust.</param>
/// <param name="Damage">Why an entry that is there cannot be trusted; null when it is sound or absent.</param>
public readonly record struct CacheLookup(torch.Tensor? Tensor, string? Damage);
