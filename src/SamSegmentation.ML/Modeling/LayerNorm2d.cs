using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Layer normalisation over the channels of each pixel of an NCHW map (Ba et al., "Layer normalization", 2016; used so
/// by ConvNeXt, Liu et al. 2022, section 2.6, and by SAM's neck, decoder and mask downscaling).
/// </summary>
public sealed class LayerNorm2d : nn.Module<Tensor, Tensor>
{
    internal const double DefaultEpsilon = 1e-6;

    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly double _epsilon;

    /// <summary>Makes the identity scale and shift: weight 1, bias 0.</summary>
    /// <param name="channels">Number of channels C.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public LayerNorm2d(long channels, double epsilon = DefaultEpsilon)
        : base(nameof(LayerNorm2d))
    {
        weight = nn.Parameter(ones(channels));
        bias = nn.Parameter(zeros(channels));
        _epsilon = epsilon;
        RegisterComponents();
    }

    /// <summary>Normalises each pixel's channels.</summary>
    /// <param name="input">[B, C, H, W].</param>
    /// <returns>[B, C, H, W], laid out with the channels last.</returns>
    public override Tensor forward(Tensor input)
    {
        using var channelsLast = input.permute(0, 2, 3, 1);
        using var normalized = forward_last(channelsLast);
        return normalized.permute(0, 3, 1, 2);
    }

    /// <summary>Normalises pixels whose channels lie last.</summary>
    /// <param name="pixels">[…, C].</param>
    /// <returns>[…, C].</returns>
    public Tensor forward_last(Tensor pixels) => nn.functional.layer_norm(pixels, weight.shape, weight, bias, _epsilon);
}
