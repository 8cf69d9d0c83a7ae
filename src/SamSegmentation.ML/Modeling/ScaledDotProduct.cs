using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// The one place that asks TorchSharp for fused attention. A TorchSharp older than 0.102 has none: its stack compiles
/// stacks/folder/ScaledDotProduct.cs instead of this file.
/// </summary>
internal static class ScaledDotProduct
{
    /// <summary>softmax(q·kᵀ / √E + bias)·v (Vaswani et al., "Attention is all you need", 2017, eq. 1).</summary>
    /// <param name="query">[N, heads, L, E].</param>
    /// <param name="key">[N, heads, S, E].</param>
    /// <param name="value">[N, heads, S, Ev].</param>
    /// <param name="bias">[N, heads, L, S], of the query's type; null for none.</param>
    /// <returns>[N, heads, L, Ev].</returns>
    internal static Tensor Attention(Tensor query, Tensor key, Tensor value, Tensor? bias = null) =>
        nn.functional.scaled_dot_product_attention(query, key, value, bias);
}
