using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Adapters;

/// <summary>
/// LoRA's update of a frozen linear layer (Hu et al., "LoRA: Low-rank adaptation of large language models", 2021,
/// section 4.1): what is added to the layer's output is (α/r)·B·A·x. B is zero at the start, so that nothing changes.
/// </summary>
public sealed class LowRankUpdate : nn.Module<Tensor, Tensor>
{
    private readonly Linear a;
    private readonly Linear b;
    private readonly double _scale;

    /// <summary>Makes A, [r, input], Kaiming-uniform with a = √5, and B, [output, r], zero.</summary>
    /// <param name="input">Width of the layer's input.</param>
    /// <param name="output">Width of its output.</param>
    /// <param name="rank">r, at least 1.</param>
    /// <param name="alpha">α.</param>
    public LowRankUpdate(long input, long output, int rank, double alpha)
        : base(nameof(LowRankUpdate))
    {
        _scale = alpha / rank;
        // Kaiming-uniform with a = √5 is PyTorch's default for linear layers.
        a = nn.Linear(input, rank, false);
        b = nn.Linear(rank, output, false);
        Zeros.Fill(b.weight!);
        RegisterComponents();
    }

    /// <summary>The type of its weights.</summary>
    internal ScalarType dtype => a.weight!.dtype;

    /// <summary>Computes what is added to the layer's output.</summary>
    /// <param name="input">[…, input], the layer's input.</param>
    /// <returns>[…, output].</returns>
    public override Tensor forward(Tensor input)
    {
        using var low = a.forward(input);
        using var scaled = low * _scale;
        return b.forward(scaled);
    }

    /// <summary>Computes the update as the change of the layer's weight: (α/r)·B·A.</summary>
    /// <returns>[output, input], without gradient.</returns>
    public Tensor delta()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return (b.weight!.mm(a.weight!) * _scale).MoveToOuterDisposeScope();
    }
}
