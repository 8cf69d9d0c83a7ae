using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SamSegmentation.ML.Evaluation;

/// <summary>
/// Turns pairs of ids into cells of a flat confusion matrix: truth · classes + prediction, and one cell more for all pixels
/// whose truth is ignored. Ids are bytes or 16-bit numbers.
/// </summary>
/// <param name="classes">The number of classes.</param>
/// <param name="ignoreId">The true id that is ignored, or −1.</param>
internal readonly struct JointIndex(int classes, int ignoreId)
{
    private readonly int _classes = classes;
    private readonly int _ignoreId = ignoreId;

    /// <summary>The cell of ignored pixels, behind those of the matrix.</summary>
    internal int IgnoredCell { get; } = classes * classes;

    /// <summary>The number of cells with that one.</summary>
    internal int Cells => IgnoredCell + 1;

    /// <summary>The cell of a pair, whose ids must have passed <see cref="Check"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int CellOf<T>(T truth, T prediction)
        where T : unmanaged, IBinaryInteger<T>
    {
        int id = int.CreateTruncating(truth);
        int cell = id * _classes + int.CreateTruncating(prediction);
        return id == _ignoreId ? IgnoredCell : cell;
    }

    /// <summary>Throws if an id is not a class, naming its position.</summary>
    internal void Check<T>(ReadOnlySpan<T> truth, ReadOnlySpan<T> prediction)
        where T : unmanaged, IBinaryInteger<T>
    {
        var truths = MemoryMarshal.Cast<T, Vector<T>>(truth);
        var predictions = MemoryMarshal.Cast<T, Vector<T>>(prediction);
        // A T may have no room for the last class or the ignored id: then nothing lies beyond the one, or equals the other.
        var last = new Vector<T>(T.CreateSaturating(_classes - 1));
        var ignored = new Vector<T>(T.CreateTruncating(_ignoreId));
        var ignores = int.CreateTruncating(T.CreateTruncating(_ignoreId)) == _ignoreId ? Vector<T>.AllBitsSet : Vector<T>.Zero;
        var bad = Vector<T>.Zero;
        for (int i = 0; i < truths.Length; i++)
        {
            var outside = Vector.GreaterThan(Vector.Max(truths[i], predictions[i]), last);
            bad |= Vector.AndNot(outside, Vector.Equals(truths[i], ignored) & ignores);
        }
        int done = bad == Vector<T>.Zero ? truths.Length * Vector<T>.Count : 0;
        for (int i = done; i < truth.Length; i++)
            CheckPair(int.CreateTruncating(truth[i]), int.CreateTruncating(prediction[i]), i);
    }

    private void CheckPair(int truth, int prediction, int position)
    {
        if (truth == _ignoreId)
            return;
        if (truth >= _classes)
            throw NotAClass(nameof(truth), truth, position, _ignoreId < 0 ? "" : $" and is not the ignored id {_ignoreId}");
        if (prediction >= _classes)
            throw NotAClass(nameof(prediction), prediction, position, $" (the truth there is {truth})");
    }

    private ArgumentOutOfRangeException NotAClass(string which, int id, int position, string more) =>
        new(which, (ushort)id, $"The {which} id {id} at position {position} is outside 0..{_classes - 1}{more}.");
}
