using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Runs;

/// <summary>A copy of parameters in the CPU's memory, to go back to.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private readonly List<(Parameter Parameter, Tensor Copy)> _copies = [];

    /// <summary>Copies parameters.</summary>
    public WeightSnapshot(IEnumerable<Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var parameter in parameters)
            _copies.Add((parameter, parameter.detach().cpu().clone().DetachFromDisposeScope()));
    }

    /// <summary>The copies, in the parameters' order.</summary>
    public IEnumerable<Tensor> Tensors => _copies.Select(pair => pair.Copy);

    /// <summary>Gives the parameters the values that were copied.</summary>
    public void Restore()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (parameter, copy) in _copies)
            parameter.copy_(copy);
    }

    public void Dispose() => _copies.ForEach(pair => pair.Copy.Dispose());
}
