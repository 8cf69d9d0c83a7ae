namespace SamSegmentation.ML.Embeddings;

/// <summary>The name of a cache entry: a SHA-256 over everything that its content depends on.</summary>
/// <param name="Hex">64 lower-case hexadecimal digits.</param>
public readonly record struct CacheKey(string Hex)
{
    /// <summary>The digits.</summary>
    public override string ToString() => Hex;
}
