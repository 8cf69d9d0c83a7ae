using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Heads;

/// <summary>
/// A convolution, a normalisation and a ReLU, of which the heads are made. The papers normalise over the batch; here
/// each pixel's channels are normalised (<see cref="LayerNorm2d"/>), since segmentation trains with few images a step,
/// an image pooled to one cell in a batch of one has no variance at all, and nothing then depends on running means.
/// </summary>
public sealed class ConvolutionBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly LayerNorm2d norm;

    /// <summary>Makes the block with PyTorch's default initialisation.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="kernel">Side of the kernel; odd.</param>
    /// <param name="rate">Distance of the kernel's taps in cells; 1 is an ordinary convolution.</param>
    public ConvolutionBlock(long inputs, long outputs, long kernel, long rate = 1)
        : base(nameof(ConvolutionBlock))
    {
        conv = nn.Conv2d(inputs, outputs, kernel, padding: rate * (kernel / 2), dilation: rate, bias: false);
        norm = new LayerNorm2d(outputs);
        RegisterComponents();
    }

    /// <summary>Applies the block.</summary>
    /// <param name="input">[B, inputs, h, w].</param>
    /// <returns>[B, outputs, h, w].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return nn.functional.relu(norm.forward(conv.forward(ChannelsLast.OnGpu(input)))).MoveToOuterDisposeScope();
    }
}
