using System.Numerics;
using System.Runtime.InteropServices;

namespace SamSegmentation.ML.Evaluation;

/// <summary>
/// Counts, over a stream of label maps, how many pixels of each true class were given each predicted class.
/// </summary>
/// <remarks>
/// <para>
/// Every metric of <see cref="SegmentationMetrics"/> follows from these counts, so that a set of images of any number
/// and any sizes is evaluated in constant memory: 8 bytes × classes² (× 4 up to <see cref="MaxClassesWithLanes"/>).
/// </para>
/// <para>
/// An instance is not thread-safe. To count on several threads, give each its own matrix and
/// <see cref="Merge"/> them at the end; the result does not depend on the order.
/// </para>
/// </remarks>
public sealed class ConfusionMatrix
{
    /// <summary>The largest number of classes: the matrix then takes 128 MiB.</summary>
    public const int MaxClasses = 4096;

    /// <summary>Above this many classes the counters are kept once instead of four times.</summary>
    internal const int MaxClassesWithLanes = 256;

    // Lanes × cells, a lane being classes² cells and one more for the ignored pixels. Neighbouring pixels mostly fall
    // into the same cell; adding to it in turn in four copies spares each addition the wait for the one before.
    private readonly long[] _lanes;
    private readonly int _laneCount;
    private readonly JointIndex _joint;

    /// <summary>Makes a matrix of zeros.</summary>
    /// <param name="classes">The number of classes, 1 to <see cref="MaxClasses"/>; ids run from 0 to classes − 1.</param>
    /// <param name="ignoreId">
    /// The true id whose pixels are not counted, 255 by default. It may lie inside the range of classes (the pixels of
    /// that class are then left out) and −1 ignores nothing.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> or <paramref name="ignoreId"/> is out of range.</exception>
    public ConfusionMatrix(int classes, int ignoreId = 255)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, MaxClasses);
        ArgumentOutOfRangeException.ThrowIfLessThan(ignoreId, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ignoreId, ushort.MaxValue);
        Classes = classes;
        IgnoreId = ignoreId;
        _joint = new JointIndex(classes, ignoreId);
        _laneCount = classes <= MaxClassesWithLanes ? 4 : 1;
        _lanes = new long[_laneCount * _joint.Cells];
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>The true id whose pixels are not counted, or −1.</summary>
    public int IgnoreId { get; }

    /// <summary>The number of pixels counted.</summary>
    public long Pixels
    {
        get
        {
            long sum = 0;
            foreach (long count in _lanes)
                sum += count;
            return sum - IgnoredPixels;
        }
    }

    /// <summary>The number of pixels left out because their true id is <see cref="IgnoreId"/>.</summary>
    public long IgnoredPixels => SumLanes(_joint.IgnoredCell);

    /// <summary>The number of pixels of class <paramref name="truth"/> that were predicted as <paramref name="prediction"/>.</summary>
    /// <param name="truth">A class id, 0 to <see cref="Classes"/> − 1.</param>
    /// <param name="prediction">A class id, 0 to <see cref="Classes"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is out of range.</exception>
    public long this[int truth, int prediction] => SumLanes(CellOf(truth, prediction));

    /// <summary>Counts the pixels of one label map, or of any piece of one.</summary>
    /// <param name="truth">True class ids; <see cref="IgnoreId"/> where the pixel does not count.</param>
    /// <param name="prediction">
    /// Predicted class ids of the same pixels in the same order. Where the truth is ignored, any value will do.
    /// </param>
    /// <exception cref="ArgumentException">The two are not of the same length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An id is not a class; the message gives its position and value. Nothing of this call is counted then.
    /// </exception>
    public void Add(ReadOnlySpan<ushort> truth, ReadOnlySpan<ushort> prediction) => AddIds(truth, prediction);

    /// <inheritdoc cref="Add(ReadOnlySpan{ushort}, ReadOnlySpan{ushort})"/>
    public void Add(ReadOnlySpan<byte> truth, ReadOnlySpan<byte> prediction) => AddIds(truth, prediction);

    /// <summary>Adds pixels that were counted elsewhere.</summary>
    /// <param name="truth">Their true class, 0 to <see cref="Classes"/> − 1; not <see cref="IgnoreId"/>.</param>
    /// <param name="prediction">Their predicted class, 0 to <see cref="Classes"/> − 1.</param>
    /// <param name="pixels">How many there are, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id or the number is out of range.</exception>
    public void Add(int truth, int prediction, long pixels)
    {
        var cell = CellOf(truth, prediction);
        ArgumentOutOfRangeException.ThrowIfNegative(pixels);
        if (truth == IgnoreId)
            throw new ArgumentOutOfRangeException(nameof(truth), truth, "This class is ignored: its pixels are not counted by prediction.");
        _lanes[cell] += pixels;
    }

    /// <summary>Adds the counts of another matrix to this one.</summary>
    /// <param name="other">A matrix of the same classes and ignored id; it is not changed.</param>
    /// <exception cref="ArgumentException">The other matrix has other classes or ignores another id.</exception>
    public void Merge(ConfusionMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Classes != Classes || other.IgnoreId != IgnoreId)
        {
            throw new ArgumentException(
                $"Expected a matrix of {Classes} classes that ignores {IgnoreId}, found {other.Classes} classes, ignoring {other.IgnoreId}.",
                nameof(other));
        }
        for (int i = 0; i < _lanes.Length; i++)
            _lanes[i] += other._lanes[i];
    }

    /// <summary>Computes the metrics of what has been counted so far.</summary>
    /// <param name="classNames">One name a class; by default the ids.</param>
    /// <exception cref="ArgumentException">The number of names is not <see cref="Classes"/>.</exception>
    public SegmentationMetrics ToMetrics(IReadOnlyList<string>? classNames = null)
    {
        var counts = new long[Classes, Classes];
        for (int truth = 0; truth < Classes; truth++)
        {
            for (int prediction = 0; prediction < Classes; prediction++)
                counts[truth, prediction] = SumLanes(truth * Classes + prediction);
        }
        return new SegmentationMetrics(counts, classNames);
    }

    private long SumLanes(int cell)
    {
        long sum = 0;
        for (int lane = 0; lane < _laneCount; lane++)
            sum += _lanes[lane * _joint.Cells + cell];
        return sum;
    }

    private void AddIds<T>(ReadOnlySpan<T> truth, ReadOnlySpan<T> prediction)
        where T : unmanaged, IBinaryInteger<T>
    {
        CheckLengths(truth.Length, prediction.Length);
        _joint.Check(truth, prediction);
        int done = CountGroups(MemoryMarshal.Cast<T, Vector<T>>(truth), MemoryMarshal.Cast<T, Vector<T>>(prediction));
        CountEach(truth[done..], prediction[done..]);
    }

    // Label maps are large areas of one pair of ids: where a vector of pixels holds a single pair, it is counted at once.
    private int CountGroups<T>(ReadOnlySpan<Vector<T>> truths, ReadOnlySpan<Vector<T>> predictions)
        where T : unmanaged, IBinaryInteger<T>
    {
        var joint = _joint;
        for (int i = 0; i < truths.Length; i++)
        {
            var truth = truths[i];
            var prediction = predictions[i];
            if (Vector.EqualsAll(truth, new Vector<T>(truth[0])) && Vector.EqualsAll(prediction, new Vector<T>(prediction[0])))
                _lanes[joint.CellOf(truth[0], prediction[0])] += Vector<T>.Count;
            else
                CountEach(MemoryMarshal.Cast<Vector<T>, T>(truths.Slice(i, 1)), MemoryMarshal.Cast<Vector<T>, T>(predictions.Slice(i, 1)));
        }
        return truths.Length * Vector<T>.Count;
    }

    private unsafe void CountEach<T>(ReadOnlySpan<T> truth, ReadOnlySpan<T> prediction)
        where T : unmanaged, IBinaryInteger<T>
    {
        // Copied, because the compiler cannot know that counting leaves it as it is.
        var joint = _joint;
        int stride = _laneCount == 1 ? 0 : joint.Cells;
        // No bounds checks: Check has shown that every cell lies inside a lane.
        fixed (long* lane0 = _lanes)
        fixed (T* truths = truth, predictions = prediction)
        {
            long* lane1 = lane0 + stride, lane2 = lane1 + stride, lane3 = lane2 + stride;
            int i = 0;
            for (; i + 4 <= truth.Length; i += 4)
            {
                lane0[joint.CellOf(truths[i], predictions[i])]++;
                lane1[joint.CellOf(truths[i + 1], predictions[i + 1])]++;
                lane2[joint.CellOf(truths[i + 2], predictions[i + 2])]++;
                lane3[joint.CellOf(truths[i + 3], predictions[i + 3])]++;
            }
            for (; i < truth.Length; i++)
                lane0[joint.CellOf(truths[i], predictions[i])]++;
        }
    }

    private static void CheckLengths(int truth, int prediction)
    {
        if (truth != prediction)
            throw new ArgumentException($"Truth and prediction must hold the same pixels: found {truth} and {prediction}.", nameof(prediction));
    }

    private int CellOf(int truth, int prediction)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(truth);
        ArgumentOutOfRangeException.ThrowIfNegative(prediction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(truth, Classes);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(prediction, Classes);
        return truth * Classes + prediction;
    }
}
