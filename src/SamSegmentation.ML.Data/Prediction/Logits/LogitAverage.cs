using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction.Passes;

namespace SamSegmentation.ML.Prediction.Logits;

/// <summary>
/// Averages the softmax probabilities of an image's passes at the image's own size. The image is done in bands from top to
/// bottom, and the network runs on a window when the first band that it crosses is reached.
/// </summary>
/// <remarks>
/// Memory, beside the image, its scaled copies (3 bytes a pixel) and the result: the logits of the windows that cross one band, and
/// three arrays of a band, 16 MiB each, or of one row of all classes where that is more; and maxima and ids of a band's pixels.
/// </remarks>
/// <param name="plan">The passes.</param>
/// <param name="classes">The network's classes.</param>
/// <param name="batchSize">Windows that the network takes at once.</param>
/// <param name="bandValues">The values of a band: classes × rows × width.</param>
internal sealed class LogitAverage(InferencePlan plan, int classes, int batchSize, long bandValues = 1 << 22)
{
    private float[] _sum = [];
    private float[] _upsampled = [];
    private float[] _wide = [];

    /// <summary>Runs all passes.</summary>
    /// <param name="run">The network: each pass's logits.</param>
    /// <param name="withProbabilities">Whether the result has probabilities.</param>
    /// <exception cref="InvalidOperationException">Probabilities are asked for, and are more than an array can hold.</exception>
    public SegmentationPrediction Run(Func<IReadOnlyList<InferencePass>, IReadOnlyList<LogitSquare>> run, bool withProbabilities)
    {
        var map = new LabelMap(plan.Height, plan.Width);
        var probabilities = withProbabilities ? ProbabilityArray.Create(classes, plan.Height, plan.Width) : null;
        var (open, next) = (new List<(InferencePass Pass, LogitSquare Logits)>(), 0);
        var bandRows = (int)Math.Clamp(bandValues / ((long)classes * plan.Width), 1, plan.Height);
        var best = new float[bandRows * plan.Width];
        for (var top = 0; top < plan.Height; top += bandRows)
        {
            var rows = Math.Min(bandRows, plan.Height - top);
            while (next < plan.Passes.Count && plan.Passes[next].Rows.First < top + rows)
            {
                InferencePass[] batch = [.. plan.Passes.Skip(next).Take(batchSize)];
                open.AddRange(batch.Zip(run(batch)));
                next += batch.Length;
            }
            var sum = Room(ref _sum, classes * rows * plan.Width);
            sum.Clear();
            foreach (var (pass, logits) in open)
                Add(sum, top, rows, pass, logits);
            Finish(sum, top * plan.Width, rows * plan.Width, map, best, probabilities);
            open.RemoveAll(one => one.Pass.Rows.End <= top + rows);
        }
        return new SegmentationPrediction(map, probabilities);
    }

    private void Add(Span<float> sum, int top, int rows, InferencePass pass, LogitSquare logits)
    {
        var from = Math.Max(top, pass.Rows.First);
        var count = Math.Min(top + rows, pass.Rows.End) - from;
        if (count <= 0)
            return;
        var (columns, width) = (pass.Columns, pass.Columns.Weights.Length);
        var down = pass.Rows.Places(from, count, logits.Height, plan.Size, mirrored: false);
        var across = columns.Places(columns.First, width, logits.Width, plan.Size, pass.Mirrored);
        var planes = Room(ref _upsampled, classes * count * width);
        var wide = Room(ref _wide, down.Needed * width);
        var best = new float[count * width];
        var ids = new ushort[best.Length];
        for (var id = 0; id < classes; id++)
        {
            var plane = planes.Slice(id * best.Length, best.Length);
            logits.Upsample(id, down, across, wide, plane);
            PixelArgmax.Update(plane, id, best, ids);
        }
        PixelSoftmax.Normalize(planes, best);
        for (var id = 0; id < classes; id++)
        {
            for (var y = 0; y < count; y++)
            {
                var weight = pass.Rows.Weights[from - pass.Rows.First + y];
                var source = planes.Slice(id * best.Length + y * width, width);
                var target = sum.Slice((id * rows + from - top + y) * plan.Width + columns.First, width);
                for (var x = 0; x < width; x++)
                    target[x] += source[x] * (weight * columns.Weights[x]);
            }
        }
    }

    private void Finish(Span<float> sum, int start, int pixels, LabelMap map, float[] best, float[]? probabilities)
    {
        foreach (ref var value in sum)
            value /= plan.Views;
        PixelArgmax.Update(sum, 0, best.AsSpan(0, pixels), map.Ids.AsSpan(start, pixels));
        for (var id = 0; probabilities is not null && id < classes; id++)
            sum.Slice(id * pixels, pixels).CopyTo(probabilities.AsSpan(id * map.Ids.Length + start));
    }

    private static Span<float> Room(ref float[] array, int length)
    {
        if (array.Length < length)
            array = new float[length];
        return array.AsSpan(0, length);
    }
}
