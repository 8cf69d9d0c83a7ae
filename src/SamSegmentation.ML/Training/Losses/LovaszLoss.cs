using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// See <see cref="LovaszTerm"/>. With the errors in falling order, the loss of a class is their product with the
/// increments of the Jaccard loss, which do not change with the errors as long as the order does not.
/// </summary>
/// <param name="weight">The term's factor.</param>
/// <param name="batch">The batch.</param>
internal sealed class LovaszLoss(double weight, LossBatch batch) : TermLoss
{
    private readonly int _images = batch.Targets.Count(target => target.ValidPixels > 0);

    public override Tensor? PartOf(LossImage image)
    {
        var counts = ClassFrequencies.Count(image.Target.Label.Ids, batch.Setting.Classes, batch.Setting.VoidId);
        var factor = weight / _images / counts.Count(count => count > 0);
        var probabilities = image.LogProbabilities.exp();
        var parts = new List<Tensor>();
        for (var c = 0; c < counts.Length; c++)
        {
            if (counts[c] == 0)
                continue;
            // The true class's error is 1 − p, another's p.
            var own = probabilities.select(1, c);
            var (slopes, value) = SlopesOf(own, image.Label.eq(c), image.Valid, counts[c]);
            parts.Add((own * (slopes * factor)).sum());
            Value += factor * value;
        }
        return stack(parts, 0).sum();
    }

    // The loss's derivative by each probability, and the loss.
    private static (Tensor Slopes, double Value) SlopesOf(Tensor probabilities, Tensor isClass, Tensor valid, long count)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // Float32 does not tell neighbouring increments of a million pixels apart.
        var truth = isClass.masked_select(valid).to_type(ScalarType.Float64);
        var errors = (truth - probabilities.masked_select(valid).to_type(ScalarType.Float64)).abs();
        var (sorted, order) = errors.sort(0, true, true);
        var ordered = truth.index_select(0, order);
        var found = ordered.cumsum(0);
        var others = (1 - ordered).cumsum(0);
        var jaccard = 1 - (count - found) / (count + others);
        var increments = cat([jaccard.narrow(0, 0, 1), jaccard.narrow(0, 1, jaccard.shape[0] - 1) - jaccard.narrow(0, 0, jaccard.shape[0] - 1)], 0);
        var value = (sorted * increments).sum().ToDouble();
        var signed = zeros_like(increments).scatter(0, order, increments * (1 - 2 * ordered));
        var slopes = zeros_like(probabilities).masked_scatter(valid, signed.to_type(probabilities.dtype));
        return (slopes.MoveToOuterDisposeScope(), value);
    }
}
