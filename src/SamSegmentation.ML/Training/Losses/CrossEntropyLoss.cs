using SamSegmentation.ML.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// The cross-entropy of logits, brought to the network's input size, against labels; the mean over a batch's pixels that
/// are neither void nor padding, times a weight.
/// </summary>
/// <param name="weight">The factor.</param>
/// <param name="voidId">The id of pixels that do not count.</param>
internal sealed class CrossEntropyLoss(double weight, int voidId)
{
    /// <summary>
    /// Computes the loss and its gradient. Images are taken one by one, each with its part of the batch's mean: the same
    /// numbers as all at once, and the logits of one image at a time at the input's size.
    /// </summary>
    /// <param name="logits">[batch, classes, h, h]; no gradient flows into it, it comes as a result.</param>
    /// <param name="targets">The batch's labels.</param>
    /// <param name="look">Called for each image with its place and its logits [1, classes, content height, content width].</param>
    /// <returns>The loss, 0 for a batch without valid pixels, and its gradient by the logits, which the caller disposes.</returns>
    public (double Loss, Tensor Gradient) Compute(Tensor logits, IReadOnlyList<TrainingTarget> targets, Action<int, Tensor>? look = null)
    {
        using var scope = NewDisposeScope();
        var valid = targets.Sum(target => (long)target.ValidPixels);
        var gradients = new List<Tensor>(targets.Count);
        var sum = 0.0;
        for (var i = 0; i < targets.Count; i++)
        {
            using var image = NewDisposeScope();
            var own = logits.narrow(0, i, 1).detach().requires_grad_();
            var upsampled = InputUpsampling.Upsample(own, targets[i].Geometry);
            look?.Invoke(i, upsampled.detach());
            if (targets[i].ValidPixels == 0)
            {
                gradients.Add(zeros_like(own).MoveToOuterDisposeScope());
                continue;
            }
            var label = ToTensor(targets[i]).to(logits.device);
            var loss = nn.functional.cross_entropy(upsampled, label, ignore_index: voidId, reduction: nn.Reduction.Sum) * (weight / valid);
            sum += loss.ToDouble();
            gradients.Add(autograd.grad([loss], [own])[0].MoveToOuterDisposeScope());
        }
        return (sum, cat(gradients, 0).MoveToOuterDisposeScope());
    }

    private static Tensor ToTensor(TrainingTarget target) =>
        tensor(Array.ConvertAll(target.Label.Ids, id => (long)id), [1, target.Label.Height, target.Label.Width]);
}
