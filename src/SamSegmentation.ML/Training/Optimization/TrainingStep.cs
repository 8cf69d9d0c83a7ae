using System.Runtime.InteropServices;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Optimization;

/// <summary>One update of the trained parameters: forward, loss, backward, clip, update.</summary>
/// <param name="forward">From a batch's inputs to class logits [batch, classes, 4g, 4g].</param>
/// <param name="loss">The loss.</param>
/// <param name="optimizer">The optimiser.</param>
/// <param name="device">The network's device.</param>
/// <param name="microBatch">Images that go through the network at once, fewer where they do not fit the device's memory; null for the whole batch.</param>
/// <param name="reduced">Told where fewer go through at once from now on.</param>
internal sealed class TrainingStep(
    Func<Tensor, Tensor> forward, LossSum loss, StepOptimizer optimizer, Device device, int? microBatch = null, Action<ReducedBatch>? reduced = null)
{
    private const string Advice =
        $"Train fewer parts ({nameof(TrainingOptions.Trained)}), let the encoder multiply in fewer bits ({nameof(TrainingOptions.EncoderPrecision)}), or take another {nameof(TrainingOptions.Device)}.";

    private readonly ImagesAtOnce _atOnce = new(microBatch ?? int.MaxValue, nameof(TrainingOptions.MicroBatchSize), Advice, batch => reduced?.Invoke(batch));

    /// <summary>Takes the step. A batch without valid pixels has loss 0 and updates nothing.</summary>
    /// <param name="batch">What the step reads.</param>
    /// <param name="factor">What the base learning rates are multiplied with.</param>
    /// <param name="look">Called for each image in its order.</param>
    /// <returns>The loss before the update.</returns>
    /// <exception cref="ArithmeticException">Loss or gradients are not finite; nothing was updated.</exception>
    /// <exception cref="InsufficientMemoryException">The device's memory is too small for one image at a time, or for the optimiser.</exception>
    public double Take(TrainingBatch batch, double factor, PixelLook? look = null)
    {
        var seen = 0;
        // An attempt that failed for want of memory may have shown some images.
        PixelLook? once = look is null ? null : (image, ids) =>
        {
            if (image < seen)
                return;
            look(image, ids);
            seen = image + 1;
        };
        var value = _atOnce.Fit(batch.Targets.Count, count => ComputeGradients(batch, Pieces(batch.Targets.Count, count), once));
        if (batch.ValidPixels > 0)
            Update(factor);
        return value;
    }

    private double ComputeGradients(TrainingBatch batch, (int Start, int Count)[] pieces, PixelLook? look)
    {
        using var scope = NewDisposeScope();
        // The caller may have turned gradients off around the whole run.
        using var withGradient = enable_grad();
        optimizer.ZeroGradients();
        // A batch in pieces passes twice: the logits of all images together give the loss and its gradient, whatever the loss,
        // and then each piece's activations take their share (gradient caching: Gao et al., arXiv 2101.06983).
        var logits = pieces.Length == 1 ? forward(DeviceTransfer.ToDevice(batch.Inputs, device)) : ForwardWithoutGradients(batch, pieces);
        var (value, gradient) = loss.Compute(logits.detach(), batch.Targets, look);
        if (!double.IsFinite(value))
            throw new ArithmeticException($"the loss is {value}");
        if (batch.ValidPixels == 0)
            return value;
        if (pieces.Length == 1)
            logits.backward([gradient]);
        else
            BackwardInPieces(batch, pieces, gradient);
        return value;
    }

    // Half an update cannot be taken back: there is no second attempt.
    private void Update(double factor)
    {
        using var scope = NewDisposeScope();
        try
        {
            if (optimizer.Clip() is { } norm && !double.IsFinite(norm))
                throw new ArithmeticException($"the gradients' norm is {norm}");
            optimizer.Step(factor);
        }
        catch (ExternalException error) when (DeviceMemory.IsExhausted(error))
        {
            throw new InsufficientMemoryException(
                $"The optimiser does not fit the device's memory beside the network. Train fewer parts ({nameof(TrainingOptions.Trained)}), take "
                + $"{nameof(OptimizerKind.Sgd)} without {nameof(TrainingOptions.Momentum)}, which remembers nothing, or another {nameof(TrainingOptions.Device)}. libtorch says: {DeviceMemory.Reason(error)}",
                error);
        }
    }

    private static (int Start, int Count)[] Pieces(int count, int most) =>
        [.. Enumerable.Range(0, (count + most - 1) / most).Select(i => (i * most, Math.Min(most, count - i * most)))];

    private Tensor ForwardWithoutGradients(TrainingBatch batch, (int Start, int Count)[] pieces)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var all = new List<Tensor>(pieces.Length);
        foreach (var (start, count) in pieces)
        {
            using var piece = NewDisposeScope();
            all.Add(forward(DeviceTransfer.ToDevice(batch.Inputs.narrow(0, start, count), device)).MoveToOuterDisposeScope());
        }
        return cat(all, 0).MoveToOuterDisposeScope();
    }

    // The gradients of the pieces add up in the parameters.
    private void BackwardInPieces(TrainingBatch batch, (int Start, int Count)[] pieces, Tensor gradient)
    {
        foreach (var (start, count) in pieces)
        {
            using var piece = NewDisposeScope();
            forward(DeviceTransfer.ToDevice(batch.Inputs.narrow(0, start, count), device)).backward([gradient.narrow(0, start, count)]);
        }
    }
}
