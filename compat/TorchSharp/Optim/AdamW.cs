using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam with decoupled weight decay: w shrinks by lr·weight_decay before each step. Loshchilov and Hutter, https://arxiv.org/abs/1711.05101.</summary>
public class AdamW : AdamOptimizer
{
    public AdamW(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public AdamW(
        IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : base(new Options(), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
        foreach (var group in parameters) add_param_group(group);
    }

    private protected override AdamOptions NewOptions() => new Options();

    private protected override AdamState NewState(Parameter parameter, bool amsgrad) => new State(parameter, amsgrad);

    private protected override Tensor Decay(Parameter parameter, Tensor gradient, AdamOptions options)
    {
        parameter.mul_(1 - options.LearningRate!.Value * options.weight_decay!.Value);
        return gradient;
    }

    public class Options : AdamOptions;

    public sealed class State : AdamState
    {
        internal State(Parameter parameter, bool amsgrad)
            : base(parameter, amsgrad)
        {
        }
    }

    public class ParamGroup : ParamGroup<Options>, optim.IBetas
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options)
            : base(parameters, options)
        {
        }

        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, Set(new Options(), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}
