using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Golden;

/// <summary>The weights of the golden cases, made from their names by the hash that golden/README.md states.</summary>
public static class GoldenWeights
{
    /// <summary>u(name, j) in [0, 1): the hash's <paramref name="j"/>-th number for a name, a multiple of 2⁻²⁴.</summary>
    public static double Uniform(string name, long j) => Uniform(NameHash(name), j);

    /// <summary>A weight's values in row-major order.</summary>
    /// <param name="name">Meta's name, for example <c>image_encoder.blocks.0.attn.qkv.weight</c>.</param>
    /// <param name="shape">The weight's shape, which decides its fan-in.</param>
    public static float[] Values(string name, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => checked(product * size))];
        Fill(values, name, shape);
        return values;
    }

    /// <summary>Gives every parameter and buffer of a float32 module on the CPU the value that follows from its name.</summary>
    public static void Fill(nn.Module module) =>
        Parallel.ForEach(module.state_dict(), pair => Fill(MemoryMarshal.Cast<byte, float>(Bytes(pair.Key, pair.Value)), pair.Key, pair.Value.shape));

    private static Span<byte> Bytes(string name, Tensor value) =>
        value.dtype == ScalarType.Float32 ? value.bytes : throw new ArgumentException($"{name} is {value.dtype}; golden weights are float32.");

    private static void Fill(Span<float> values, string name, long[] shape)
    {
        var (offset, scale) = OffsetAndScale(name, shape, values.Length);
        var hash = NameHash(name);
        for (var j = 0; j < values.Length; j++)
            values[j] = (float)(offset + scale * (2 * Uniform(hash, j) - 1));
    }

    private static (double Offset, double Scale) OffsetAndScale(string name, long[] shape, long count)
    {
        if (name.EndsWith("gaussian_matrix", StringComparison.Ordinal))
            return (0, 1);
        if (name.EndsWith("bias", StringComparison.Ordinal))
            return (0, 0.05);
        if (shape.Length == 1)
            return (1, 0.1);
        string[] embeddings = ["pos_embed", "rel_pos", "_token", "_embed", "point_embeddings"];
        if (embeddings.Any(part => name.Contains(part, StringComparison.Ordinal)))
            return (0, 0.2);
        // A transposed convolution's weight is [in, out, kh, kw].
        var transposed = name.Contains("output_upscaling.0.", StringComparison.Ordinal)
            || name.Contains("output_upscaling.3.", StringComparison.Ordinal);
        var fanIn = transposed ? shape[0] : count / shape[0];
        return (0, Math.Sqrt(3.0 / fanIn));
    }

    private static double Uniform(ulong nameHash, long j) =>
        (Mix(unchecked(nameHash + (ulong)(j + 1) * 0x9E3779B97F4A7C15UL)) >> 40) * (1.0 / (1 << 24));

    // FNV-1a, 64 bit.
    private static ulong NameHash(string name)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
            hash = unchecked((hash ^ octet) * 0x100000001B3UL);
        return hash;
    }

    // The finaliser of splitmix64.
    private static ulong Mix(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
