using System.Security.Cryptography;
using System.Text;
using SamSegmentation.ML.Checkpoints.Storage;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>A digest of a network's weights, which tells whether two networks compute the same.</summary>
public static class WeightsHash
{
    /// <summary>
    /// Computes SHA-256 over the module's parameters and buffers in ordinal order of their names: for each its name,
    /// dtype and shape as the line <c>name dtype [sizes]</c>, and its elements, row-major and little-endian.
    /// </summary>
    /// <param name="module">The module, on any device; for instance a network's image encoder, whose adapters do not count.</param>
    /// <returns>64 lower-case hexadecimal digits, equal on every machine and stack.</returns>
    public static string Compute(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return Compute(module.state_dict());
    }

    /// <summary>Computes the same of some tensors with their names.</summary>
    internal static string Compute(IEnumerable<KeyValuePair<string, Tensor>> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in weights.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            hash.AppendData(Encoding.UTF8.GetBytes($"{name} {tensor.dtype} [{string.Join(", ", tensor.shape)}]\n"));
            TensorBytes.ForEachChunk(tensor.detach().cpu().contiguous(), (bytes, _) => hash.AppendData(bytes));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
