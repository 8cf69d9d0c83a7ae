using System.Runtime.InteropServices;
using SamSegmentation.ML.Imaging;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Prediction.Passes;

/// <summary>
/// Averages the softmax probabilities of an image's passes at the image's own size. The image is done in bands from top to
/// bottom, and the network runs on a window when the first band that it crosses is reached.
/// </summary>
/// <remarks>
/// Memory, beside the image, its scaled copies (3 bytes a pixel) and the result: the logits of the windows that cross one
/// band, 4 bytes × classes × cells each, and a few arrays of a band, 16 MiB each, or of one row of all classes where that
/// is more. It grows with the image's width, not with its area times classes, unless probabilities are asked for.
/// </remarks>
/// <param name="plan">The passes.</param>
/// <param name="classes">The network's classes.</param>
/// <param name="batchSize">Windows that the network takes at once.</param>
/// <param name="bandValues">The values of a band: classes × rows × width.</param>
internal sealed class PassAverage(InferencePlan plan, int classes, int batchSize, long bandValues = 1 << 22)
{
    /// <summary>Runs all passes.</summary>
    /// <param name="run">
    /// The network: float32 [passes, classes, h, w] on the CPU. What it makes belongs to a scope that is open meanwhile.
    /// </param>
    /// <param name="withProbabilities">Whether the result has probabilities.</param>
    /// <exception cref="InvalidOperationException">Probabilities are asked for, and are more than an array can hold.</exception>
    public SegmentationPrediction Run(Func<IReadOnlyList<InferencePass>, Tensor> run, bool withProbabilities)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var map = new LabelMap(plan.Height, plan.Width);
        var probabilities = withProbabilities ? ProbabilityArray.Create(classes, plan.Height, plan.Width) : null;
        var (open, next) = (new List<(InferencePass Pass, Tensor Logits)>(), 0);
        var bandRows = (int)Math.Clamp(bandValues / ((long)classes * plan.Width), 1, plan.Height);
        for (var top = 0; top < plan.Height; top += bandRows)
        {
            var rows = Math.Min(bandRows, plan.Height - top);
            while (next < plan.Passes.Count && plan.Passes[next].Rows.First < top + rows)
            {
                InferencePass[] batch = [.. plan.Passes.Skip(next).Take(batchSize)];
                open.AddRange(RunNetwork(batch, run));
                next += batch.Length;
            }
            Finish(open, top, rows, map, probabilities);
            open.RemoveAll(one => Close(one, top + rows));
        }
        return new SegmentationPrediction(map, probabilities);
    }

    private static (InferencePass, Tensor)[] RunNetwork(InferencePass[] batch, Func<IReadOnlyList<InferencePass>, Tensor> run)
    {
        using var scope = NewDisposeScope();
        var logits = run(batch);
        // A copy each, so that one can be freed before the others.
        return [.. batch.Select((pass, i) => (pass, logits.narrow(0, i, 1).clone().MoveToOuterDisposeScope()))];
    }

    private static bool Close((InferencePass Pass, Tensor Logits) one, int done)
    {
        if (one.Pass.Rows.End > done)
            return false;
        one.Logits.Dispose();
        return true;
    }

    private void Finish(List<(InferencePass Pass, Tensor Logits)> open, int top, int rows, LabelMap map, float[]? probabilities)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(1, classes, rows, plan.Width, dtype: ScalarType.Float32);
        foreach (var (pass, logits) in open)
            Add(sum, top, rows, pass, logits);
        sum.div_((Scalar)plan.Views);
        TensorArgmax.Of(sum).CopyTo(map.Ids, top * plan.Width);
        if (probabilities is null)
            return;
        var band = MemoryMarshal.Cast<byte, float>(sum.bytes);
        for (var id = 0; id < classes; id++)
            band.Slice(id * rows * plan.Width, rows * plan.Width).CopyTo(probabilities.AsSpan((id * plan.Height + top) * plan.Width));
    }

    private void Add(Tensor sum, int top, int rows, InferencePass pass, Tensor logits)
    {
        var from = Math.Max(top, pass.Rows.First);
        var count = Math.Min(top + rows, pass.Rows.End) - from;
        if (count <= 0)
            return;
        using var scope = NewDisposeScope();
        var columns = pass.Columns;
        var down = pass.Rows.Interpolate(from, count, (int)logits.shape[2], plan.Size, mirrored: false);
        var across = columns.Interpolate(columns.First, columns.Weights.Length, (int)logits.shape[3], plan.Size, pass.Mirrored);
        var needed = logits.narrow(2, down.FirstCell, down.Cells).narrow(3, across.FirstCell, across.Cells);
        var upsampled = tensor(down.Weights, [count, down.Cells])
            .matmul(needed.matmul(tensor(across.Weights, [columns.Weights.Length, across.Cells]).transpose(0, 1)));
        var weights = tensor(pass.Rows.Weights.AsSpan(from - pass.Rows.First, count).ToArray(), [count, 1])
            * tensor(columns.Weights, [1, columns.Weights.Length]);
        var target = sum.narrow(2, from - top, count).narrow(3, columns.First, columns.Weights.Length);
        target.add_(nn.functional.softmax(upsampled, 1).mul_(weights));
    }
}
