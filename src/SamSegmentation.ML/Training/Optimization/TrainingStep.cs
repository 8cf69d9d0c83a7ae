using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Optimization;

/// <summary>One update of the trained parameters: forward, loss, backward, clip, update.</summary>
/// <param name="forward">From a batch's inputs to class logits [batch, classes, 4g, 4g].</param>
/// <param name="loss">The loss.</param>
/// <param name="optimizer">The optimiser.</param>
/// <param name="device">The network's device.</param>
internal sealed class TrainingStep(Func<Tensor, Tensor> forward, LossSum loss, StepOptimizer optimizer, Device device)
{
    /// <summary>Takes the step. A batch without valid pixels has loss 0 and updates nothing.</summary>
    /// <param name="batch">What the step reads.</param>
    /// <param name="factor">What the base learning rates are multiplied with.</param>
    /// <param name="look">Called for each image with its logits at the input's size.</param>
    /// <returns>The loss before the update.</returns>
    /// <exception cref="ArithmeticException">Loss or gradients are not finite; nothing was updated.</exception>
    public double Take(TrainingBatch batch, double factor, Action<int, Tensor>? look = null)
    {
        using var scope = NewDisposeScope();
        // The caller may have turned gradients off around the whole run.
        using var withGradient = enable_grad();
        optimizer.ZeroGradients();
        var logits = forward(batch.Inputs.to(device));
        var (value, gradient) = loss.Compute(logits.detach(), batch.Targets, look);
        if (!double.IsFinite(value))
            throw new ArithmeticException($"the loss is {value}");
        if (batch.ValidPixels == 0)
            return value;
        logits.backward([gradient]);
        if (optimizer.Clip() is { } norm && !double.IsFinite(norm))
            throw new ArithmeticException($"the gradients' norm is {norm}");
        optimizer.Step(factor);
        return value;
    }
}
