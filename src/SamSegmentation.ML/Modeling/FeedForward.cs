using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>The two-layer MLP of a transformer block: lin2(activation(lin1(x))).</summary>
public sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    private readonly Linear lin1;
    private readonly Linear lin2;
    private readonly Func<Tensor, Tensor> _activation;

    /// <summary>Makes the two layers with PyTorch's default initialisation.</summary>
    /// <param name="width">Width of input and output.</param>
    /// <param name="hidden">Width between the layers.</param>
    /// <param name="activation">
    /// Exact GELU in the image encoder, ReLU in the two-way transformer. Must return a new tensor.
    /// </param>
    public FeedForward(long width, long hidden, Func<Tensor, Tensor> activation)
        : base(nameof(FeedForward))
    {
        lin1 = nn.Linear(width, hidden);
        lin2 = nn.Linear(hidden, width);
        _activation = activation;
        RegisterComponents();
    }

    /// <summary>The number format of the two products.</summary>
    internal EncoderPrecision Precision { get; set; }

    /// <summary>Applies the MLP to each token.</summary>
    /// <param name="input">[…, width].</param>
    /// <returns>[…, width], of the type that <see cref="Precision"/> says.</returns>
    public override Tensor forward(Tensor input)
    {
        using var hidden = lin1.Apply(input, Precision);
        using var activated = _activation(hidden);
        return lin2.Apply(activated, Precision);
    }
}
