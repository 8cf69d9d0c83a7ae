using System.Runtime.InteropServices;
using SamSegmentation.ML.Modeling.Memory;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// See <see cref="DiceTerm"/>. The first pass adds up Σpg and Σp² of each class over the batch; the second gives each image
/// the loss's derivatives by these sums, times its own part of them, which has the loss's gradient.
/// </summary>
/// <param name="weight">The term's factor.</param>
/// <param name="smooth">Added above and below.</param>
/// <param name="batch">The batch.</param>
internal sealed class DiceLoss(double weight, double smooth, LossBatch batch) : TermLoss
{
    private readonly double[] _products = new double[batch.Setting.Classes];
    private readonly double[] _squares = new double[batch.Setting.Classes];
    private (double[] ByProduct, double[] BySquare)? _derivatives;

    public override bool NeedsFirstPass => true;

    public override void LookAt(LossImage image)
    {
        var (probabilities, trues) = Masked(image);
        var products = zeros(_products.Length, dtype: ScalarType.Float64, device: trues.device)
            .scatter_add(0, image.SafeLabel.flatten(), trues.flatten().to_type(ScalarType.Float64));
        Add(products, _products);
        Add(probabilities.pow(2).sum([0L, 2L, 3L], type: ScalarType.Float64), _squares);
    }

    public override Tensor? PartOf(LossImage image)
    {
        var (byProduct, bySquare) = _derivatives ??= Derive();
        var (probabilities, trues) = Masked(image);
        var ofTrue = Coefficients(byProduct).index_select(0, image.SafeLabel.flatten()).reshape(trues.shape);
        return (trues * ofTrue).sum() + (probabilities.pow(2) * Coefficients(bySquare).reshape(1, -1, 1, 1)).sum();

        Tensor Coefficients(double[] values) => DeviceTransfer.ToDevice(tensor(values).to(probabilities.dtype), probabilities.device);
    }

    // Probabilities of all classes and of the true one, 0 at void pixels.
    private static (Tensor All, Tensor True) Masked(LossImage image)
    {
        var valid = image.Valid.to_type(image.Logits.dtype);
        return (image.LogProbabilities.exp() * valid.unsqueeze(1), image.TrueLogProbabilities().exp() * valid);
    }

    private static void Add(Tensor values, double[] sums)
    {
        var added = MemoryMarshal.Cast<byte, double>(values.cpu().contiguous().bytes);
        for (var c = 0; c < sums.Length; c++)
            sums[c] += added[c];
    }

    private (double[] ByProduct, double[] BySquare) Derive()
    {
        var (byProduct, bySquare) = (new double[_products.Length], new double[_products.Length]);
        var share = weight / batch.Counts.Count(count => count > 0);
        for (var c = 0; c < byProduct.Length; c++)
        {
            if (batch.Counts[c] == 0)
                continue;
            var (above, below) = (2 * _products[c] + smooth, _squares[c] + batch.Counts[c] + smooth);
            Value += share * (1 - above / below);
            byProduct[c] = -2 * share / below;
            bySquare[c] = share * above / (below * below);
        }
        return (byProduct, bySquare);
    }
}
