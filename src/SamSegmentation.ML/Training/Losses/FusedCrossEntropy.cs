using System.Buffers;
using System.Runtime.InteropServices;
using SamSegmentation.ML.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// The cross-entropy over a batch's pixels on the CPU, without the logits at the input's size: where torch passes over
/// 4 bytes × classes × 1024² several times an image, this stays in the fastest caches. Equal to torch's numbers up to
/// rounding.
/// </summary>
/// <param name="weight">The term's factor.</param>
/// <param name="classWeights">Each class's weight; null for 1.</param>
/// <param name="setting">What losses depend on.</param>
internal sealed class FusedCrossEntropy(double weight, double[]? classWeights, LossSetting setting)
{
    private readonly float[] _weights = [.. Enumerable.Range(0, setting.Classes).Select(c => (float)(classWeights?[c] ?? 1))];

    /// <summary>Whether logits lie where it can read them.</summary>
    public static bool Fits(Tensor logits) => logits.device.type == DeviceType.CPU && logits.dtype == ScalarType.Float32;

    /// <summary>Computes the loss and its gradient, on as many threads as torch's.</summary>
    /// <param name="logits">float32 [batch, classes, h, h] on the CPU.</param>
    /// <param name="targets">The batch's labels.</param>
    /// <param name="look">Called for each image in its order.</param>
    /// <returns>The loss, 0 for a batch without pixels that count, and its gradient by the logits, which the caller disposes.</returns>
    public (double Loss, Tensor Gradient) Compute(Tensor logits, IReadOnlyList<TrainingTarget> targets, PixelLook? look)
    {
        using var scope = NewDisposeScope();
        var divisor = CrossEntropyLoss.DivisorOf(classWeights, new LossBatch(targets, setting));
        var gradient = zeros_like(logits, dtype: ScalarType.Float32).contiguous();
        if (divisor == 0 && look is null)
            return (0, gradient.MoveToOuterDisposeScope());
        var (source, shape) = (logits.contiguous(), logits.shape);
        var losses = new double[targets.Count];
        var ids = new ushort[targets.Count][];
        // Without pixels that count the scale is of no use, and 0 keeps it finite.
        var scale = divisor == 0 ? 0 : weight / divisor;
        Parallel.For(0, targets.Count, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, i =>
        {
            ids[i] = look is null ? [] : ArrayPool<ushort>.Shared.Rent(targets[i].Label.Ids.Length);
            using var ownLogits = source.select(0, i);
            using var ownGradient = gradient.select(0, i);
            using var image = new FusedImage(shape, targets[i], setting.VoidId, _weights, scale);
            losses[i] = image.Compute(
                MemoryMarshal.Cast<byte, float>(ownLogits.bytes), MemoryMarshal.Cast<byte, float>(ownGradient.bytes), ids[i]);
        });
        for (var i = 0; i < ids.Length && look is not null; i++)
        {
            look(i, ids[i].AsSpan(0, targets[i].Label.Ids.Length));
            ArrayPool<ushort>.Shared.Return(ids[i]);
        }
        return (losses.Sum(), gradient.MoveToOuterDisposeScope());
    }
}
