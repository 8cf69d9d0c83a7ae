using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// See <see cref="OhemTerm"/>. The first pass keeps the true class's probability of each pixel of the batch, a number a
/// pixel whatever the number of classes.
/// </summary>
/// <param name="weight">The term's factor.</param>
/// <param name="threshold">The probability below which a pixel is hard.</param>
/// <param name="minimumKept">How many pixels an image keeps at least.</param>
/// <param name="batch">The batch.</param>
internal sealed class OhemLoss(double weight, double threshold, int minimumKept, LossBatch batch) : TermLoss
{
    // No probability: greater than all.
    private const double Void = 2;

    private readonly Tensor?[] _probabilities = new Tensor?[batch.Targets.Count];
    private (double Highest, long Kept)? _choice;

    public override bool NeedsFirstPass => true;

    public override void LookAt(LossImage image) =>
        _probabilities[image.Index] = image.TrueLogProbabilities().exp().masked_fill(image.Valid.logical_not(), Void).DetachFromDisposeScope();

    public override Tensor? PartOf(LossImage image)
    {
        var (highest, kept) = _choice ??= Choose();
        var mask = IsKept(_probabilities[image.Index]!, highest);
        var part = (image.TrueLogProbabilities() * mask.to_type(image.Logits.dtype)).sum() * (-weight / kept);
        Value += part.ToDouble();
        return part;
    }

    public override void Dispose()
    {
        foreach (var probabilities in _probabilities)
            probabilities?.Dispose();
    }

    private Tensor IsKept(Tensor probabilities, double highest) => probabilities.lt(threshold).logical_or(probabilities.le(highest));

    // The highest probability of those that are kept for their number, −1 when the hard ones are enough.
    private (double Highest, long Kept) Choose()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var all = cat([.. _probabilities.OfType<Tensor>().Select(one => one.flatten())], 0);
        var least = (int)Math.Min((long)minimumKept * batch.Targets.Count, batch.ValidPixels);
        var highest = -1.0;
        if (all.lt(threshold).sum().ToInt64() < least)
        {
            var (lowest, _) = all.topk(least, 0, false, false);
            highest = lowest.max().ToDouble();
        }
        return (highest, IsKept(all, highest).sum().ToInt64());
    }
}
