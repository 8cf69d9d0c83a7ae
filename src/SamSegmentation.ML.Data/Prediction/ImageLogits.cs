using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction.Logits;
using SamSegmentation.ML.Prediction.Passes;

namespace SamSegmentation.ML.Prediction;

/// <summary>
/// The network's output for one image, before it is brought to the image's own size. It is held outside of native memory,
/// so that it may wait for as long as somebody might ask for the classes or their probabilities.
/// </summary>
/// <remarks>
/// The classes are upsampled one or a few at a time against running maxima, so that memory grows with the image's size but
/// not with size × classes.
/// </remarks>
/// <param name="Logits">The output.</param>
/// <param name="Geometry">Where the image lies in the network's input.</param>
internal sealed record ImageLogits(LogitSquare Logits, ImageGeometry Geometry) : ImageOutput
{
    // Where the maxima before and after some classes are compared, fewer steps are better: 64 MiB of upsampled logits.
    private const long MaxValues = 1 << 24;

    public override LabelMap Classify()
    {
        var map = new LabelMap(Geometry.OriginalHeight, Geometry.OriginalWidth);
        var best = new float[map.Ids.Length];
        ForEachChunk(1, (plane, id) => PixelArgmax.Update(plane, id, best, map.Ids));
        return map;
    }

    /// <exception cref="InvalidOperationException">An array cannot hold so many probabilities.</exception>
    public override (LabelMap Labels, float[] Probabilities) ClassifyWithProbabilities()
    {
        var probabilities = ProbabilityArray.Create(Logits.Classes, Geometry.OriginalHeight, Geometry.OriginalWidth);
        var map = new LabelMap(Geometry.OriginalHeight, Geometry.OriginalWidth);
        var best = new float[map.Ids.Length];
        ForEachChunk(1, (plane, id) =>
        {
            PixelArgmax.Update(plane, id, best, map.Ids);
            plane.CopyTo(probabilities.AsSpan(id * map.Ids.Length));
        });
        PixelSoftmax.Normalize(probabilities, best);
        return (map, probabilities);
    }

    /// <summary>The class of each pixel, and the cross-entropy against the truth, summed over the pixels that are not void.</summary>
    /// <param name="truth">True ids at the image's own size.</param>
    /// <param name="voidId">The id of pixels that do not count.</param>
    public (LabelMap Labels, double Loss) ClassifyAgainst(LabelMap truth, int voidId)
    {
        var map = new LabelMap(Geometry.OriginalHeight, Geometry.OriginalWidth);
        var best = new float[map.Ids.Length];
        var before = new float[map.Ids.Length];
        var sums = new float[map.Ids.Length];
        var ofTruth = new float[map.Ids.Length];
        best.AsSpan().Fill(float.NegativeInfinity);
        ForEachChunk((int)Math.Clamp(MaxValues / map.Ids.Length, 1, Logits.Classes), (planes, first) =>
        {
            best.CopyTo(before, 0);
            PixelArgmax.Update(planes, first, best, map.Ids);
            PixelSoftmax.AddExponentials(planes, before, best, sums);
            var last = first + planes.Length / best.Length;
            for (var i = 0; i < ofTruth.Length; i++)
            {
                if (truth.Ids[i] >= first && truth.Ids[i] < last)
                    ofTruth[i] = planes[(truth.Ids[i] - first) * ofTruth.Length + i];
            }
        });
        var loss = 0.0;
        for (var i = 0; i < ofTruth.Length; i++)
        {
            if (truth.Ids[i] != voidId)
                loss += best[i] - ofTruth[i] + MathF.Log(sums[i]);
        }
        return (map, loss);
    }

    // Calls with the planes of some classes and the first of these.
    private void ForEachChunk(int chunk, Action<ReadOnlySpan<float>, int> use)
    {
        var (height, width) = (Geometry.OriginalHeight, Geometry.OriginalWidth);
        var rows = Places(height, Logits.Height, Geometry.ContentHeightFraction);
        var columns = Places(width, Logits.Width, Geometry.ContentWidthFraction);
        var (pixels, wide) = (height * width, new float[rows.Needed * width]);
        var planes = new float[chunk * pixels];
        for (var first = 0; first < Logits.Classes; first += chunk)
        {
            var count = Math.Min(chunk, Logits.Classes - first);
            for (var i = 0; i < count; i++)
                Logits.Upsample(first + i, rows, columns, wide, planes.AsSpan(i * pixels, pixels));
            use(planes.AsSpan(0, count * pixels), first);
        }
    }

    // As the network's own upsampling has them.
    private static CellPlaces Places(int pixels, int cells, double fraction) =>
        CellPlaces.Of(pixels, cells, i => (i + 0.5) * cells * fraction / pixels - 0.5);
}
