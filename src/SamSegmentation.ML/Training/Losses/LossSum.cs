using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Training.Data;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>The weighted sum of losses of logits, brought to the network's input size, against labels.</summary>
/// <param name="options">The losses.</param>
/// <param name="setting">What they depend on.</param>
internal sealed class LossSum(LossOptions options, LossSetting setting)
{
    private readonly Func<LossBatch, TermLoss>[] _terms = [.. options.Terms.Select(term => term.Prepare(setting))];

    // Where the sum is the cross-entropy alone.
    private readonly FusedCrossEntropy? _fused = options.Terms is [CrossEntropyTerm only] ? only.PrepareFused(setting) : null;

    /// <summary>The factor of the cross-entropy where the sum is that alone, without weights and smoothing; else null.</summary>
    public double? PlainCrossEntropy { get; } = options.Terms is [CrossEntropyTerm { IsPlain: true } only] ? only.Weight : null;

    /// <summary>
    /// Computes the loss and its gradient. Images are taken one by one, each with its part of the batch's loss: the same
    /// numbers as all at once, and the logits of one image at a time at the input's size. Losses that couple a batch's
    /// images look at all of them in a pass before. The cross-entropy alone, without label smoothing, of float32 logits on
    /// the CPU needs no logits at the input's size at all: see <see cref="FusedCrossEntropy"/>.
    /// </summary>
    /// <param name="logits">[batch, classes, h, h]; no gradient flows into it, it comes as a result.</param>
    /// <param name="targets">The batch's labels.</param>
    /// <param name="look">Called for each image in its order.</param>
    /// <returns>The loss, 0 for a batch without valid pixels, and its gradient by the logits, which the caller disposes.</returns>
    public (double Loss, Tensor Gradient) Compute(Tensor logits, IReadOnlyList<TrainingTarget> targets, PixelLook? look = null)
    {
        if (_fused is not null && FusedCrossEntropy.Fits(logits))
            return _fused.Compute(logits, targets, look);
        using var scope = NewDisposeScope();
        var terms = Begin(targets);
        try
        {
            LookFirst(terms, logits, targets);
            var gradients = new List<Tensor>(targets.Count);
            for (var i = 0; i < targets.Count; i++)
            {
                using var image = NewDisposeScope();
                var own = logits.narrow(0, i, 1).detach().requires_grad_();
                var upsampled = InputUpsampling.Upsample(own, targets[i].Geometry);
                look?.Invoke(i, TensorArgmax.Of(upsampled.detach().to(ScalarType.Float32)));
                gradients.Add(GradientOf(own, Parts(terms, i, upsampled, targets[i])).MoveToOuterDisposeScope());
            }
            return (terms.Sum(term => term.Value), cat(gradients, 0).MoveToOuterDisposeScope());
        }
        finally
        {
            End(terms);
        }
    }

    /// <summary>Computes the loss alone.</summary>
    /// <inheritdoc cref="Compute"/>
    public double Measure(Tensor logits, IReadOnlyList<TrainingTarget> targets)
    {
        using var noGradient = no_grad();
        var terms = Begin(targets);
        try
        {
            LookFirst(terms, logits, targets);
            for (var i = 0; i < targets.Count; i++)
            {
                using var image = NewDisposeScope();
                _ = Parts(terms, i, InputUpsampling.Upsample(logits.narrow(0, i, 1), targets[i].Geometry), targets[i]);
            }
            return terms.Sum(term => term.Value);
        }
        finally
        {
            End(terms);
        }
    }

    private TermLoss[] Begin(IReadOnlyList<TrainingTarget> targets)
    {
        var batch = new LossBatch(targets, setting);
        return [.. _terms.Select(begin => begin(batch))];
    }

    private void LookFirst(TermLoss[] terms, Tensor logits, IReadOnlyList<TrainingTarget> targets)
    {
        if (!terms.Any(term => term.NeedsFirstPass))
            return;
        using var noGradient = no_grad();
        for (var i = 0; i < targets.Count; i++)
        {
            if (targets[i].ValidPixels == 0)
                continue;
            using var scope = NewDisposeScope();
            var image = new LossImage(i, InputUpsampling.Upsample(logits.narrow(0, i, 1), targets[i].Geometry), targets[i], setting.VoidId);
            foreach (var term in terms.Where(term => term.NeedsFirstPass))
                term.LookAt(image);
        }
    }

    private static void End(TermLoss[] terms)
    {
        foreach (var term in terms)
            term.Dispose();
    }

    private Tensor[] Parts(TermLoss[] terms, int index, Tensor upsampled, TrainingTarget target)
    {
        if (target.ValidPixels == 0)
            return [];
        var image = new LossImage(index, upsampled, target, setting.VoidId);
        return [.. terms.Select(term => term.PartOf(image)).OfType<Tensor>()];
    }

    private static Tensor GradientOf(Tensor own, Tensor[] parts)
    {
        if (parts.Length == 0)
            return zeros_like(own);
        var sum = parts[0];
        foreach (var part in parts.AsSpan(1))
            sum = sum + part;
        return autograd.grad([sum], [own])[0];
    }
}
