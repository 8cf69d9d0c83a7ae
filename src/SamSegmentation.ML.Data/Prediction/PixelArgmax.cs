using System.Numerics;

namespace SamSegmentation.ML.Prediction;

/// <summary>The class of the highest logit, pixel by pixel; of equal ones the lowest class, as torch.argmax.</summary>
internal static class PixelArgmax
{
    // Running maxima and ids of a block stay in the fastest cache while the classes pass over them.
    private const int Block = 2048;

    /// <summary>Takes some more classes into running maxima.</summary>
    /// <param name="planes">Logits of consecutive classes, one plane of pixels after another.</param>
    /// <param name="firstId">The first plane's class; with 0 the maxima are started.</param>
    /// <param name="best">The highest logit of each pixel so far.</param>
    /// <param name="ids">Its class.</param>
    public static void Update(ReadOnlySpan<float> planes, int firstId, Span<float> best, Span<ushort> ids)
    {
        if (firstId == 0)
        {
            planes[..best.Length].CopyTo(best);
            ids.Clear();
        }
        var classes = planes.Length / best.Length;
        for (var start = 0; start < best.Length; start += Block)
        {
            var length = Math.Min(Block, best.Length - start);
            for (var c = firstId == 0 ? 1 : 0; c < classes; c++)
            {
                var plane = planes.Slice(c * best.Length + start, length);
                UpdateBlock(plane, (ushort)(firstId + c), best.Slice(start, length), ids.Slice(start, length));
            }
        }
    }

    private static void UpdateBlock(ReadOnlySpan<float> plane, ushort id, Span<float> best, Span<ushort> ids)
    {
        var i = 0;
        var newId = new Vector<ushort>(id);
        // A vector of ids covers two vectors of logits.
        for (var width = Vector<float>.Count; i + 2 * width <= plane.Length; i += 2 * width)
        {
            var low = new Vector<float>(plane[i..]);
            var high = new Vector<float>(plane[(i + width)..]);
            var lowBest = new Vector<float>(best[i..]);
            var highBest = new Vector<float>(best[(i + width)..]);
            var lowWins = Vector.GreaterThan(low, lowBest);
            var highWins = Vector.GreaterThan(high, highBest);
            Vector.ConditionalSelect(lowWins, low, lowBest).CopyTo(best[i..]);
            Vector.ConditionalSelect(highWins, high, highBest).CopyTo(best[(i + width)..]);
            var wins = Vector.AsVectorUInt16(Vector.Narrow(lowWins, highWins));
            Vector.ConditionalSelect(wins, newId, new Vector<ushort>(ids[i..])).CopyTo(ids[i..]);
        }
        for (; i < plane.Length; i++)
        {
            if (plane[i] > best[i])
                (best[i], ids[i]) = (plane[i], id);
        }
    }
}
