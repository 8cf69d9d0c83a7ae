using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Heads;

/// <summary>
/// Mixes the encoder blocks' features into the embedding: the embedding plus a 1×1 convolution of the features, whose
/// weights start at 0 (as Zhang et al., "Adding conditional control to text-to-image diffusion models", 2023, section 3.1,
/// let a new input in). Training so starts exactly where the head without features does, and weight decay draws it there.
/// </summary>
public sealed class FeatureFusion : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly long _channels;

    /// <summary>Makes the fusion, which passes the embedding through.</summary>
    /// <param name="blocks">Number k of encoder blocks; at least 1.</param>
    /// <param name="channels">Channels C of the embedding, and of each block's features.</param>
    public FeatureFusion(long blocks, long channels)
        : base(nameof(FeatureFusion))
    {
        _channels = channels;
        weight = nn.Parameter(zeros(channels, blocks * channels, 1, 1));
        RegisterComponents();
    }

    /// <summary>Mixes embedding and features.</summary>
    /// <param name="input">[B, C·(1 + k), g, g]: the embedding's channels, then each block's.</param>
    /// <returns>[B, C, g, g].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var features = input.narrow(1, _channels, input.shape[1] - _channels);
        return (input.narrow(1, 0, _channels) + nn.functional.conv2d(features, weight)).MoveToOuterDisposeScope();
    }
}
