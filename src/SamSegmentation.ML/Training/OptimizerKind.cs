namespace SamSegmentation.ML.Training;

/// <summary>The rule that turns gradients into steps; torch.optim's classes of the same names.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with <see cref="TrainingOptions.Momentum"/>.</summary>
    Sgd,

    /// <summary>Adam (Kingma and Ba, arXiv 1412.6980); weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101).</summary>
    AdamW,
}
