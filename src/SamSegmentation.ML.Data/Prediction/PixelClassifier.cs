using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction.Logits;
using SamSegmentation.ML.Prediction.Passes;

namespace SamSegmentation.ML.Prediction;

/// <summary>
/// Brings one image's low-resolution logits to the image's own size and decides each pixel. The classes are upsampled one
/// or a few at a time against running maxima, so that memory grows with the image's size but not with size × classes.
/// </summary>
internal static class PixelClassifier
{
    // Where the maxima before and after some classes are compared, fewer steps are better: 64 MiB of upsampled logits.
    private const long MaxValues = 1 << 24;

    /// <summary>The class of each pixel.</summary>
    /// <param name="logits">The network's output.</param>
    /// <param name="geometry">Where the image lies in the network's input.</param>
    public static LabelMap Classify(LogitSquare logits, ImageGeometry geometry)
    {
        var map = new LabelMap(geometry.OriginalHeight, geometry.OriginalWidth);
        var best = new float[map.Ids.Length];
        ForEachChunk(logits, geometry, 1, (plane, id) => PixelArgmax.Update(plane, id, best, map.Ids));
        return map;
    }

    /// <summary>The class of each pixel and the probabilities of all classes.</summary>
    /// <param name="logits">The network's output.</param>
    /// <param name="geometry">Where the image lies in the network's input.</param>
    /// <returns>The ids, and classes × height × width probabilities.</returns>
    /// <exception cref="InvalidOperationException">An array cannot hold so many probabilities.</exception>
    public static (LabelMap Labels, float[] Probabilities) ClassifyWithProbabilities(LogitSquare logits, ImageGeometry geometry)
    {
        var probabilities = ProbabilityArray.Create(logits.Classes, geometry.OriginalHeight, geometry.OriginalWidth);
        var map = new LabelMap(geometry.OriginalHeight, geometry.OriginalWidth);
        var best = new float[map.Ids.Length];
        ForEachChunk(logits, geometry, 1, (plane, id) =>
        {
            PixelArgmax.Update(plane, id, best, map.Ids);
            plane.CopyTo(probabilities.AsSpan(id * map.Ids.Length));
        });
        PixelSoftmax.Normalize(probabilities, best);
        return (map, probabilities);
    }

    /// <summary>The class of each pixel, and the cross-entropy against the truth, summed over the pixels that are not void.</summary>
    /// <param name="logits">The network's output.</param>
    /// <param name="geometry">Where the image lies in the network's input.</param>
    /// <param name="truth">True ids at the image's own size.</param>
    /// <param name="voidId">The id of pixels that do not count.</param>
    public static (LabelMap Labels, double Loss) ClassifyAgainst(LogitSquare logits, ImageGeometry geometry, LabelMap truth, int voidId)
    {
        var map = new LabelMap(geometry.OriginalHeight, geometry.OriginalWidth);
        var best = new float[map.Ids.Length];
        var before = new float[map.Ids.Length];
        var sums = new float[map.Ids.Length];
        var ofTruth = new float[map.Ids.Length];
        best.AsSpan().Fill(float.NegativeInfinity);
        ForEachChunk(logits, geometry, (int)Math.Clamp(MaxValues / map.Ids.Length, 1, logits.Classes), (planes, first) =>
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
    private static void ForEachChunk(LogitSquare logits, ImageGeometry geometry, int chunk, Action<ReadOnlySpan<float>, int> use)
    {
        var (height, width) = (geometry.OriginalHeight, geometry.OriginalWidth);
        var rows = Places(height, logits.Height, geometry.ContentHeightFraction);
        var columns = Places(width, logits.Width, geometry.ContentWidthFraction);
        var (pixels, wide) = (height * width, new float[rows.Needed * width]);
        var planes = new float[chunk * pixels];
        for (var first = 0; first < logits.Classes; first += chunk)
        {
            var count = Math.Min(chunk, logits.Classes - first);
            for (var i = 0; i < count; i++)
                logits.Upsample(first + i, rows, columns, wide, planes.AsSpan(i * pixels, pixels));
            use(planes.AsSpan(0, count * pixels), first);
        }
    }

    // As the network's own upsampling has them.
    private static CellPlaces Places(int pixels, int cells, double fraction) =>
        CellPlaces.Of(pixels, cells, i => (i + 0.5) * cells * fraction / pixels - 0.5);
}
