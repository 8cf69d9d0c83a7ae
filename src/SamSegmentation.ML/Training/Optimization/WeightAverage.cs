using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Optimization;

/// <summary>
/// The exponential moving average of trained weights: after step n (from 1), a ← d·a + (1 − d)·w with
/// d = min(decay, (1 + n)/(10 + n)), so that the start does not weigh on it for long (as TensorFlow's
/// ExponentialMovingAverage and timm's ModelEmaV3 with warm-up).
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly List<(Parameter Parameter, Tensor Other)> _weights = [];
    private bool _inPlace;

    /// <summary>Starts the average at the weights as they are.</summary>
    /// <param name="parameters">The trained parameters.</param>
    /// <param name="decay">The decay, in 0..1, 1 excluded.</param>
    public WeightAverage(IEnumerable<Parameter> parameters, double decay)
    {
        _decay = decay;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var parameter in parameters)
            _weights.Add((parameter, parameter.detach().clone().DetachFromDisposeScope()));
    }

    /// <summary>The averages, in the parameters' order; the weights themselves while the averages are in place.</summary>
    public IEnumerable<Tensor> Tensors => _weights.Select(pair => pair.Other);

    /// <summary>Takes the weights of a step into the average.</summary>
    /// <param name="step">The step, from 1.</param>
    public void Update(long step)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var decay = Math.Min(_decay, (1.0 + step) / (10.0 + step));
        foreach (var (parameter, average) in _weights)
            average.mul_(decay).add_(parameter.detach() * (1 - decay));
    }

    /// <summary>Puts the averages into the network; disposing what is returned puts the weights back.</summary>
    public IDisposable PutInPlace()
    {
        Exchange();
        return new Return(this);
    }

    public void Dispose() => _weights.ForEach(pair => pair.Other.Dispose());

    private void Exchange()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (parameter, other) in _weights)
        {
            var own = parameter.detach().clone();
            parameter.copy_(other);
            other.copy_(own);
        }
        _inPlace = !_inPlace;
    }

    private sealed class Return(WeightAverage average) : IDisposable
    {
        public void Dispose()
        {
            if (average._inPlace)
                average.Exchange();
        }
    }
}
