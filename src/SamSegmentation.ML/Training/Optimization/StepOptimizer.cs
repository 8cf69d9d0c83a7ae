using System.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Optimization;

/// <summary>torch's optimiser of a run, with its groups, the schedule's rates and clipping.</summary>
internal sealed class StepOptimizer : IDisposable
{
    private const double DefaultMomentum = 0.9;

    private readonly OptimizerHelper _optimizer;
    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly double? _clippingNorm;

    public StepOptimizer(IReadOnlyList<ParameterGroup> groups, TrainingOptions options)
    {
        _groups = groups;
        _clippingNorm = options.ClippingNorm;
        _optimizer = options.Optimizer switch
        {
            OptimizerKind.Sgd => Sgd(groups, options),
            OptimizerKind.Adam => optim.Adam(
                groups.Select(group => new Adam.ParamGroup(group.Parameters, group.LearningRate, options.Beta1, options.Beta2, weight_decay: group.WeightDecay)).ToArray(),
                options.LearningRate, options.Beta1, options.Beta2),
            OptimizerKind.AdamW => optim.AdamW(
                groups.Select(group => new AdamW.ParamGroup(group.Parameters, group.LearningRate, options.Beta1, options.Beta2, weight_decay: group.WeightDecay)).ToArray(),
                options.LearningRate, options.Beta1, options.Beta2),
            _ => throw new InvalidOperationException($"Nothing is known of {options.Optimizer}."),
        };
    }

    /// <summary>Forgets the gradients of the step before.</summary>
    public void ZeroGradients() => _optimizer.zero_grad();

    /// <summary>Scales the gradients down to the clipping norm, if theirs is longer.</summary>
    /// <returns>Their norm before; null when they are not clipped.</returns>
    public double? Clip() => _clippingNorm is { } most
        ? nn.utils.clip_grad_norm_(_groups.SelectMany(group => group.Parameters), most)
        : null;

    /// <summary>Updates the parameters by their gradients.</summary>
    /// <param name="factor">What the groups' base learning rates are multiplied with.</param>
    public void Step(double factor)
    {
        foreach (var (group, own) in _optimizer.ParamGroups.Zip(_groups))
            group.LearningRate = own.LearningRate * factor;
        _optimizer.step();
    }

    /// <summary>Writes all that the optimiser remembers, in TorchSharp's own format.</summary>
    public void Save(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        _optimizer.save_state_dict(writer);
    }

    /// <summary>Takes back what <see cref="Save"/> wrote of an optimiser of the same kind and parameters.</summary>
    public void Load(string path)
    {
        using var reader = new BinaryReader(new BufferedStream(File.OpenRead(path)));
        _optimizer.load_state_dict(reader);
    }

    public void Dispose() => _optimizer.Dispose();

    private static SGD Sgd(IReadOnlyList<ParameterGroup> groups, TrainingOptions options)
    {
        var momentum = options.Momentum ?? DefaultMomentum;
        return optim.SGD(
            groups.Select(group => new SGD.ParamGroup(group.Parameters, group.LearningRate, momentum, weight_decay: group.WeightDecay, nesterov: options.Nesterov)).ToArray(),
            options.LearningRate, momentum, nesterov: options.Nesterov);
    }
}
