using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// A multilayer perceptron with ReLU between its layers: SAM's hypernetworks, which turn a token into the weights of a
/// per-pixel classifier, and its IoU head (Kirillov et al. 2023, appendix A, "Lightweight mask decoder").
/// </summary>
public sealed class Mlp : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<Linear> layers;

    /// <summary>Makes the layers with PyTorch's default initialisation.</summary>
    /// <param name="input">Width of the input.</param>
    /// <param name="hidden">Width between layers.</param>
    /// <param name="output">Width of the output.</param>
    /// <param name="depth">Number of layers, at least 1.</param>
    public Mlp(long input, long hidden, long output, int depth)
        : base(nameof(Mlp))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        layers = new ModuleList<Linear>();
        for (var i = 0; i < depth; i++)
            layers.Add(nn.Linear(i == 0 ? input : hidden, i == depth - 1 ? output : hidden));
        RegisterComponents();
    }

    /// <summary>Applies the layers to each token.</summary>
    /// <param name="input">[…, input].</param>
    /// <returns>[…, output].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = layers[0].forward(input);
        foreach (var layer in layers.Skip(1))
            x = layer.forward(nn.functional.relu(x));
        return x.MoveToOuterDisposeScope();
    }
}
