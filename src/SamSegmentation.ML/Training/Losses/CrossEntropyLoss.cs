using SamSegmentation.ML.Modeling.Memory;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>See <see cref="CrossEntropyTerm"/>. The divisor follows from the labels, so that one pass is enough.</summary>
/// <param name="weight">The term's factor.</param>
/// <param name="classWeights">Each class's weight; null for 1.</param>
/// <param name="labelSmoothing">The part of the target that is spread over all classes.</param>
/// <param name="batch">The batch.</param>
internal sealed class CrossEntropyLoss(double weight, double[]? classWeights, double labelSmoothing, LossBatch batch) : TermLoss
{
    private readonly double _divisor = DivisorOf(classWeights, batch);

    /// <summary>What the sum over a batch's pixels is divided by: the sum of their true classes' weights.</summary>
    public static double DivisorOf(double[]? classWeights, LossBatch batch) =>
        classWeights is null ? batch.ValidPixels : batch.Counts.Select((count, c) => count * classWeights[c]).Sum();

    public override Tensor? PartOf(LossImage image)
    {
        if (_divisor == 0)
            return null;
        var weights = classWeights is null ? null : DeviceTransfer.ToDevice(tensor(classWeights).to(image.Logits.dtype), image.Logits.device);
        var part = nn.functional.cross_entropy(
            image.Logits, image.Label, weights, ignore_index: batch.Setting.VoidId, reduction: nn.Reduction.Sum, label_smoothing: labelSmoothing) * (weight / _divisor);
        Value += part.ToDouble();
        return part;
    }
}
