using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// What Adam and AdamW share: w ← w − lr·m̂ / (√v̂ + eps), where m̂ and v̂ are the means of the gradient and of its square,
/// each divided by 1 − βᵗ, as they start from zero.
/// </summary>
public abstract class AdamOptimizer : OptimizerHelper, optim.IBetas
{
    private readonly AdamOptions _defaults;

    private protected AdamOptimizer(
        AdamOptions defaults, double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad, bool maximize)
    {
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (eps < 0) throw new ArgumentException($"Invalid ε: {eps}");
        if (beta1 < 0 || beta1 >= 1) throw new ArgumentException($"Invalid beta1: {beta1}");
        if (beta2 < 0 || beta2 >= 1) throw new ArgumentException($"Invalid beta2: {beta2}");
        if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
        _defaults = Set(defaults, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        _defaults.InitialLearningRate = lr;
    }

    /// <summary>The default for groups that are added later.</summary>
    public (double, double) Betas
    {
        get => (_defaults.beta1!.Value, _defaults.beta2!.Value);
        set => (_defaults.beta1, _defaults.beta2) = value;
    }

    public override void add_param_group(ParamGroup param_group)
    {
        var options = (AdamOptions)(param_group.Options ??= NewOptions());
        options.FillFrom(_defaults);
        Groups.Add(param_group);
        foreach (var parameter in param_group.Parameters) States[parameter.Handle] = NewState(parameter, options.amsgrad!.Value);
    }

    internal static T Set<T>(
        T options, double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad, bool maximize)
        where T : AdamOptions
    {
        options.LearningRate = lr;
        options.beta1 = beta1;
        options.beta2 = beta2;
        options.eps = eps;
        options.weight_decay = weight_decay;
        options.amsgrad = amsgrad;
        options.maximize = maximize;
        return options;
    }

    private protected abstract AdamOptions NewOptions();

    private protected abstract AdamState NewState(Parameter parameter, bool amsgrad);

    /// <summary>Applies the weight decay, of which the two optimisers differ, and returns the gradient to go on with.</summary>
    private protected abstract Tensor Decay(Parameter parameter, Tensor gradient, AdamOptions options);

    private protected override void Update(Parameter parameter, Tensor gradient, ParamGroup group, OptimizerState state)
    {
        var options = (AdamOptions)group.Options!;
        var memory = (AdamState)state;
        double beta1 = options.beta1!.Value, beta2 = options.beta2!.Value;
        if (options.maximize!.Value) gradient = -gradient;
        gradient = Decay(parameter, gradient, options);

        memory.step++;
        memory.exp_avg.mul_(beta1).add_(gradient, 1 - beta1);
        memory.exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        var squares = memory.exp_avg_sq;
        if (options.amsgrad!.Value)
        {
            squares = memory.max_exp_avg_sq!;
            squares.copy_(maximum(squares, memory.exp_avg_sq));
        }

        var correction1 = 1 - Math.Pow(beta1, memory.step);
        var correction2 = 1 - Math.Pow(beta2, memory.step);
        var divisor = (squares.sqrt() / Math.Sqrt(correction2)).add_(options.eps!.Value);
        parameter.addcdiv_(memory.exp_avg, divisor, -options.LearningRate!.Value / correction1);
    }
}
