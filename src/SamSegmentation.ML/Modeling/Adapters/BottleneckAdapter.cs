using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Adapters;

/// <summary>
/// AdaptFormer's bottleneck beside a block's MLP (Chen et al., "AdaptFormer: Adapting vision transformers for scalable
/// visual recognition", 2022, section 3.2): s·up(ReLU(down(x))), where x is the MLP's input, normalised as in the paper's
/// equations. The way up is zero at the start, so that nothing changes. There is no dropout.
/// </summary>
public sealed class BottleneckAdapter : nn.Module<Tensor, Tensor>
{
    private readonly Linear down;
    private readonly Linear up;
    private readonly double _scale;

    /// <summary>Makes the way down Kaiming-uniform with a = √5, and the way up and both biases zero.</summary>
    /// <param name="width">Width of the block's tokens.</param>
    /// <param name="bottleneck">Width in between.</param>
    /// <param name="scale">s.</param>
    public BottleneckAdapter(long width, int bottleneck, double scale)
        : base(nameof(BottleneckAdapter))
    {
        _scale = scale;
        // Kaiming-uniform with a = √5 is PyTorch's default for linear layers.
        down = nn.Linear(width, bottleneck);
        up = nn.Linear(bottleneck, width);
        Zeros.Fill(down.bias!, up.weight!, up.bias!);
        RegisterComponents();
    }

    /// <summary>Computes what is added to the MLP's output.</summary>
    /// <param name="input">[…, width], the MLP's input.</param>
    /// <returns>[…, width].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var low = nn.functional.relu(down.forward(input));
        return (up.forward(low) * _scale).MoveToOuterDisposeScope();
    }
}
