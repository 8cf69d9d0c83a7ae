using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SamSegmentation.ML.Embeddings;

/// <summary>
/// Hashes named fields into a <see cref="CacheKey"/>. Names and values are preceded by their lengths, so that no two
/// lists of fields give the same bytes.
/// </summary>
internal sealed class CacheKeyBuilder : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Starts a key.</summary>
    /// <param name="kind">What the entry is, with a version that changes when the way of computing it does.</param>
    public CacheKeyBuilder(string kind) => Add("kind", kind);

    public CacheKeyBuilder Add(string name, string value) => Add(name, Encoding.UTF8.GetBytes(value));

    public CacheKeyBuilder Add(string name, ReadOnlySpan<byte> value)
    {
        AppendSized(Encoding.UTF8.GetBytes(name));
        AppendSized(value);
        return this;
    }

    public CacheKeyBuilder Add(string name, params ReadOnlySpan<int> values)
    {
        Span<byte> bytes = stackalloc byte[values.Length * sizeof(int)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * sizeof(int))..], values[i]);
        return Add(name, bytes);
    }

    public CacheKey Build() => new(Convert.ToHexStringLower(_hash.GetHashAndReset()));

    public void Dispose() => _hash.Dispose();

    private void AppendSized(ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }
}
