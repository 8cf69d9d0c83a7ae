using System.Numerics;

namespace SamSegmentation.ML.Prediction;

/// <summary>Softmax over classes, pixel by pixel, of logits that lie plane after plane or come a few classes at a time.</summary>
internal static class PixelSoftmax
{
    private const int Block = 2048;

    /// <summary>Turns logits into probabilities in place.</summary>
    /// <param name="planes">Classes × pixels.</param>
    /// <param name="best">The highest logit of each pixel.</param>
    public static void Normalize(Span<float> planes, ReadOnlySpan<float> best)
    {
        var sums = new float[Math.Min(Block, best.Length)];
        for (var start = 0; start < best.Length; start += Block)
        {
            var length = Math.Min(Block, best.Length - start);
            var sum = sums.AsSpan(0, length);
            sum.Clear();
            // Plane by plane without counting up: the last position can lie so near the end of an int that a step is too far.
            for (var rest = planes; !rest.IsEmpty; rest = rest[best.Length..])
                Exponentiate(rest.Slice(start, length), best.Slice(start, length), sum);
            for (var rest = planes; !rest.IsEmpty; rest = rest[best.Length..])
                Divide(rest.Slice(start, length), sum);
        }
    }

    /// <summary>Takes some more classes into running sums of exp(logit − best), which follow the running maxima.</summary>
    /// <param name="planes">Logits of consecutive classes.</param>
    /// <param name="before">The highest logit of each pixel before these classes; −∞ at the start.</param>
    /// <param name="after">The highest logit with these classes.</param>
    /// <param name="sums">The sums; 0 at the start.</param>
    public static void AddExponentials(ReadOnlySpan<float> planes, ReadOnlySpan<float> before, ReadOnlySpan<float> after, Span<float> sums)
    {
        for (var start = 0; start < after.Length; start += Block)
        {
            var length = Math.Min(Block, after.Length - start);
            var sum = sums.Slice(start, length);
            var best = after.Slice(start, length);
            Rescale(sum, before.Slice(start, length), best);
            for (var rest = planes; !rest.IsEmpty; rest = rest[after.Length..])
                AddExponential(rest.Slice(start, length), best, sum);
        }
    }

    private static void Exponentiate(Span<float> plane, ReadOnlySpan<float> best, Span<float> sum)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= plane.Length; i += Vector<float>.Count)
        {
            var e = Vector.Exp(new Vector<float>(plane[i..]) - new Vector<float>(best[i..]));
            e.CopyTo(plane[i..]);
            (new Vector<float>(sum[i..]) + e).CopyTo(sum[i..]);
        }
        for (; i < plane.Length; i++)
            sum[i] += plane[i] = MathF.Exp(plane[i] - best[i]);
    }

    private static void AddExponential(ReadOnlySpan<float> plane, ReadOnlySpan<float> best, Span<float> sum)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= plane.Length; i += Vector<float>.Count)
        {
            var e = Vector.Exp(new Vector<float>(plane[i..]) - new Vector<float>(best[i..]));
            (new Vector<float>(sum[i..]) + e).CopyTo(sum[i..]);
        }
        for (; i < plane.Length; i++)
            sum[i] += MathF.Exp(plane[i] - best[i]);
    }

    private static void Rescale(Span<float> sum, ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= sum.Length; i += Vector<float>.Count)
        {
            var factor = Vector.Exp(new Vector<float>(before[i..]) - new Vector<float>(after[i..]));
            (new Vector<float>(sum[i..]) * factor).CopyTo(sum[i..]);
        }
        for (; i < sum.Length; i++)
            sum[i] *= MathF.Exp(before[i] - after[i]);
    }

    private static void Divide(Span<float> plane, ReadOnlySpan<float> sum)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= plane.Length; i += Vector<float>.Count)
            (new Vector<float>(plane[i..]) / new Vector<float>(sum[i..])).CopyTo(plane[i..]);
        for (; i < plane.Length; i++)
            plane[i] /= sum[i];
    }
}
