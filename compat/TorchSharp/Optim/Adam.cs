using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam; the weight decay is added to the gradient (an L2 penalty). Kingma and Ba, https://arxiv.org/abs/1412.6980.</summary>
public class Adam : AdamOptimizer
{
    public Adam(
        IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public Adam(
        IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
        double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : base(new Options(), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
        foreach (var group in parameters) add_param_group(group);
    }

    private protected override AdamOptions NewOptions() => new Options();

    private protected override AdamState NewState(Parameter parameter, bool amsgrad) => new State(parameter, amsgrad);

    private protected override Tensor Decay(Parameter parameter, Tensor gradient, AdamOptions options) =>
        options.weight_decay!.Value == 0 ? gradient : gradient.add(parameter, options.weight_decay.Value);

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
