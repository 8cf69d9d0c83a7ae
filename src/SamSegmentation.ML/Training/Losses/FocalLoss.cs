using SamSegmentation.ML.Modeling.Memory;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>See <see cref="FocalTerm"/>.</summary>
/// <param name="weight">The term's factor.</param>
/// <param name="gamma">The exponent.</param>
/// <param name="classWeights">Each class's α; null for 1.</param>
/// <param name="batch">The batch.</param>
internal sealed class FocalLoss(double weight, double gamma, double[]? classWeights, LossBatch batch) : TermLoss
{
    // 1 − p rounds to 0 where the network is certain, and 0^(γ−1) is infinite for γ below 1.
    private const double LeastError = 1e-7;

    public override Tensor? PartOf(LossImage image)
    {
        var logs = image.TrueLogProbabilities();
        // −expm1(log p) is 1 − p without cancellation.
        var pixels = logs.expm1().neg().clamp_min(LeastError).pow(gamma) * logs * image.Valid.to_type(logs.dtype);
        if (classWeights is not null)
        {
            var weights = DeviceTransfer.ToDevice(tensor(classWeights).to(logs.dtype), logs.device);
            pixels = pixels * weights.index_select(0, image.SafeLabel.flatten()).reshape(logs.shape);
        }
        var part = pixels.sum() * (-weight / batch.ValidPixels);
        Value += part.ToDouble();
        return part;
    }
}
