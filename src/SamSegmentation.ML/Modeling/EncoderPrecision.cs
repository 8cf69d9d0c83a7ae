namespace SamSegmentation.ML.Modeling;

/// <summary>
/// The number format of the image encoder's products in its blocks: projections, MLPs and attention. Weights, the sums
/// between blocks, layer normalisation, softmax and what products add up in stay float32, as do the patch embedding and the
/// neck, which are a hundredth of the arithmetic (mixed precision as Micikevicius et al., 2018, section 3, have it).
/// </summary>
public enum EncoderPrecision
{
    /// <summary>Four bytes: what SAM was published with.</summary>
    Float32,

    /// <summary>
    /// Two bytes with float32's range: an embedding differs by about a hundredth. Faster where the processor has instructions
    /// for it (AVX-512 BF16, AMX), and on GPUs from NVIDIA's Ampere on; elsewhere about as fast as float32, or slower.
    /// </summary>
    BFloat16,

    /// <summary>Two bytes with a small range: on GPUs only.</summary>
    Float16,
}
