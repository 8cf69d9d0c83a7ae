using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>Counts a training set's pixels by class, for <see cref="ClassBalance"/>.</summary>
/// <param name="classes">The number of classes.</param>
/// <param name="voidId">The id of pixels that do not count.</param>
internal sealed class ClassFrequencies(int classes, int voidId)
{
    private readonly long[] _pixels = new long[classes];

    // Of each class, the pixels of any class in the images that show it.
    private readonly long[] _around = new long[classes];

    /// <summary>Counts an image.</summary>
    public void Add(LabelMap label)
    {
        var here = Count(label.Ids, classes, voidId);
        var all = here.Sum();
        for (var c = 0; c < classes; c++)
        {
            _pixels[c] += here[c];
            _around[c] += here[c] > 0 ? all : 0;
        }
    }

    /// <summary>Each class's weight, as <see cref="ClassBalance.MedianFrequency"/> says.</summary>
    public double[] MedianFrequencyWeights()
    {
        var shares = Enumerable.Range(0, classes).Select(c => _pixels[c] == 0 ? 0 : (double)_pixels[c] / _around[c]).ToArray();
        var present = shares.Where(share => share > 0).Order().ToArray();
        if (present.Length == 0)
            return [.. shares.Select(_ => 1.0)];
        var median = (present[(present.Length - 1) / 2] + present[present.Length / 2]) / 2;
        return [.. shares.Select(share => share == 0 ? 1 : median / share)];
    }

    /// <summary>How many of some ids are each class; void is left out.</summary>
    public static long[] Count(ReadOnlySpan<ushort> ids, int classes, int voidId)
    {
        var counts = new long[classes];
        foreach (var id in ids)
        {
            if (id != voidId)
                counts[id]++;
        }
        return counts;
    }
}
