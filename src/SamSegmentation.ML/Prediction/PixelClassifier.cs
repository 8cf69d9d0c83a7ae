using System.Runtime.InteropServices;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Prediction;

/// <summary>
/// Brings one image's low-resolution logits to the image's own size and decides each pixel. The classes are upsampled a
/// few at a time against running maxima, so that memory grows with the image's size but not with size × classes.
/// </summary>
internal static class PixelClassifier
{
    // Upsampled logits held at once, in values: 64 MiB.
    private const long MaxValues = 1 << 24;

    /// <summary>The class of each pixel.</summary>
    /// <param name="logits">float32 [1, classes, h, w] on any device.</param>
    /// <param name="geometry">Where the image lies in the network's input.</param>
    public static LabelMap Classify(Tensor logits, ImageGeometry geometry)
    {
        var map = new LabelMap(geometry.OriginalHeight, geometry.OriginalWidth);
        var best = new float[map.Ids.Length];
        ForEachChunk(logits, geometry, (planes, first) => PixelArgmax.Update(planes, first, best, map.Ids));
        return map;
    }

    /// <summary>The class of each pixel and the probabilities of all classes.</summary>
    /// <param name="logits">float32 [1, classes, h, w] on any device.</param>
    /// <param name="geometry">Where the image lies in the network's input.</param>
    /// <returns>The ids, and classes × height × width probabilities.</returns>
    /// <exception cref="InvalidOperationException">An array cannot hold so many probabilities.</exception>
    public static (LabelMap Labels, float[] Probabilities) ClassifyWithProbabilities(Tensor logits, ImageGeometry geometry)
    {
        var probabilities = ProbabilityArray.Create(logits.shape[1], geometry.OriginalHeight, geometry.OriginalWidth);
        var map = new LabelMap(geometry.OriginalHeight, geometry.OriginalWidth);
        var best = new float[map.Ids.Length];
        ForEachChunk(logits, geometry, (planes, first) =>
        {
            PixelArgmax.Update(planes, first, best, map.Ids);
            planes.CopyTo(probabilities.AsSpan(first * map.Ids.Length));
        });
        PixelSoftmax.Normalize(probabilities, best);
        return (map, probabilities);
    }

    /// <summary>The class of each pixel, and the cross-entropy against the truth, summed over the pixels that are not void.</summary>
    /// <param name="logits">float32 [1, classes, h, w] on any device.</param>
    /// <param name="geometry">Where the image lies in the network's input.</param>
    /// <param name="truth">True ids at the image's own size.</param>
    /// <param name="voidId">The id of pixels that do not count.</param>
    public static (LabelMap Labels, double Loss) ClassifyAgainst(Tensor logits, ImageGeometry geometry, LabelMap truth, int voidId)
    {
        var map = new LabelMap(geometry.OriginalHeight, geometry.OriginalWidth);
        var best = new float[map.Ids.Length];
        var before = new float[map.Ids.Length];
        var sums = new float[map.Ids.Length];
        var ofTruth = new float[map.Ids.Length];
        best.AsSpan().Fill(float.NegativeInfinity);
        ForEachChunk(logits, geometry, (planes, first) =>
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

    private static void ForEachChunk(Tensor logits, ImageGeometry geometry, Action<ReadOnlySpan<float>, int> use)
    {
        var classes = (int)logits.shape[1];
        var pixels = (long)geometry.OriginalHeight * geometry.OriginalWidth;
        var chunk = (int)Math.Clamp(MaxValues / pixels, 1, classes);
        for (var first = 0; first < classes; first += chunk)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var some = logits.narrow(1, first, Math.Min(chunk, classes - first));
            var planes = MaskUpsampling
                .Upsample(some, geometry.ContentHeightFraction, geometry.ContentWidthFraction, geometry.OriginalHeight, geometry.OriginalWidth)
                .cpu()
                .contiguous();
            use(MemoryMarshal.Cast<byte, float>(planes.bytes), first);
        }
    }
}
