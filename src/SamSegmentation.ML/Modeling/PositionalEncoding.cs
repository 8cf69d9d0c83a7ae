using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Random Fourier features of positions (Tancik et al., "Fourier features let networks learn high frequency functions",
/// 2020, section 3; Kirillov et al. 2023, appendix A, "Prompt encoder"): with v = 2π·(2p − 1)·G, the encoding of a
/// position p in [0, 1]² is (sin v, cos v).
/// </summary>
public sealed class PositionalEncoding : nn.Module<Tensor, Tensor>
{
    // A buffer: fixed at random, saved with the weights, never trained.
    private readonly Tensor positional_encoding_gaussian_matrix;

    /// <summary>Draws the frequencies G from a standard normal distribution.</summary>
    /// <param name="channels">Number of channels C of an encoding; even.</param>
    public PositionalEncoding(long channels)
        : base(nameof(PositionalEncoding))
    {
        positional_encoding_gaussian_matrix = randn(2, channels / 2);
        RegisterComponents();
    }

    /// <summary>Encodes positions.</summary>
    /// <param name="positions">[…, 2], float32: (x, y) as fractions of the image, on this module's device.</param>
    /// <returns>[…, C], of this module's dtype.</returns>
    public override Tensor forward(Tensor positions)
    {
        using var scope = NewDisposeScope();
        // In float32 throughout: half precision would blur the high frequencies.
        var frequencies = positional_encoding_gaussian_matrix.to(ScalarType.Float32);
        var angles = (positions * 2 - 1).matmul(frequencies) * (2 * Math.PI);
        return cat([angles.sin(), angles.cos()], -1)
            .to(positional_encoding_gaussian_matrix.dtype)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Encodes the centre of every cell of a square grid.</summary>
    /// <param name="size">Side g of the grid.</param>
    /// <returns>[1, C, g, g].</returns>
    public Tensor encode_grid(long size)
    {
        using var scope = NewDisposeScope();
        var centres = (arange(size, dtype: ScalarType.Float32, device: positional_encoding_gaussian_matrix.device) + 0.5) / size;
        var x = centres.unsqueeze(0).expand(size, size);
        var y = centres.unsqueeze(1).expand(size, size);
        return forward(stack([x, y], -1))
            .permute(2, 0, 1)
            .unsqueeze(0)
            .MoveToOuterDisposeScope();
    }
}
