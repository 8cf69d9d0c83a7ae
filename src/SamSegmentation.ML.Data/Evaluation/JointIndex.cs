using System.Numerics;
using System.Runtime.InteropServices;

namespace SamSegmentation.ML.Evaluation;

/// <summary>
/// Turns pairs of ids into cells of a flat confusion matrix, several at a time: truth · classes + prediction, and one
/// cell more for all pixels whose truth is ignored.
/// </summary>
internal sealed class JointIndex
{
    /// <summary>The most pixels of one call; two chunks of ids and one of cells stay in the first-level cache.</summary>
    internal const int ChunkLength = 2048;

    private readonly int _classes;
    private readonly int _ignoreId;
    private readonly Vector<ushort> _last;
    private readonly Vector<ushort> _ignored;
    private readonly Vector<ushort> _ignores;

    internal JointIndex(int classes, int ignoreId)
    {
        _classes = classes;
        _ignoreId = ignoreId;
        _last = new Vector<ushort>((ushort)(classes - 1));
        _ignored = new Vector<ushort>((ushort)Math.Max(ignoreId, 0));
        _ignores = ignoreId < 0 ? Vector<ushort>.Zero : Vector<ushort>.AllBitsSet;
    }

    /// <summary>The cell of ignored pixels, behind those of the matrix.</summary>
    internal int IgnoredCell => _classes * _classes;

    /// <summary>The number of cells with that one.</summary>
    internal int Cells => _classes * _classes + 1;

    /// <summary>Throws if an id is not a class, naming its position counted from <paramref name="start"/>.</summary>
    internal void Check(ReadOnlySpan<ushort> truth, ReadOnlySpan<ushort> prediction, int start)
    {
        var truths = MemoryMarshal.Cast<ushort, Vector<ushort>>(truth);
        var predictions = MemoryMarshal.Cast<ushort, Vector<ushort>>(prediction);
        var bad = Vector<ushort>.Zero;
        for (int i = 0; i < truths.Length && i < predictions.Length; i++)
        {
            var outside = Vector.GreaterThan(Vector.Max(truths[i], predictions[i]), _last);
            bad |= Vector.AndNot(outside, Vector.Equals(truths[i], _ignored) & _ignores);
        }
        int done = bad == Vector<ushort>.Zero ? truths.Length * Vector<ushort>.Count : 0;
        for (int i = done; i < truth.Length; i++)
        {
            if (truth[i] == _ignoreId)
                continue;
            if (truth[i] >= _classes)
                throw NotAClass(nameof(truth), truth[i], start + i, _ignoreId < 0 ? "" : $" and is not the ignored id {_ignoreId}");
            if (prediction[i] >= _classes)
                throw NotAClass(nameof(prediction), prediction[i], start + i, $" (the truth there is {truth[i]})");
        }
    }

    /// <summary>Writes the cell of each pair; the ids must have passed <see cref="Check"/>.</summary>
    internal void Compute(ReadOnlySpan<ushort> truth, ReadOnlySpan<ushort> prediction, Span<int> cells)
    {
        var truths = MemoryMarshal.Cast<ushort, Vector<ushort>>(truth);
        var predictions = MemoryMarshal.Cast<ushort, Vector<ushort>>(prediction);
        var pairs = MemoryMarshal.Cast<int, Vector<uint>>(cells);
        var classes = new Vector<uint>((uint)_classes);
        var ignoredCell = new Vector<uint>((uint)IgnoredCell);
        var ignored = new Vector<uint>((uint)Math.Max(_ignoreId, 0));
        var ignores = Vector.AsVectorUInt32(_ignores);
        for (int i = 0; i < truths.Length && i < predictions.Length; i++)
        {
            Vector.Widen(truths[i], out var truthLow, out var truthHigh);
            Vector.Widen(predictions[i], out var predictionLow, out var predictionHigh);
            pairs[2 * i] = Vector.ConditionalSelect(
                Vector.Equals(truthLow, ignored) & ignores, ignoredCell, truthLow * classes + predictionLow);
            pairs[2 * i + 1] = Vector.ConditionalSelect(
                Vector.Equals(truthHigh, ignored) & ignores, ignoredCell, truthHigh * classes + predictionHigh);
        }
        for (int i = truths.Length * Vector<ushort>.Count; i < truth.Length; i++)
            cells[i] = truth[i] == _ignoreId ? IgnoredCell : truth[i] * _classes + prediction[i];
    }

    /// <summary>Copies bytes into 16-bit ids; <paramref name="ids"/> is at least as long.</summary>
    internal static void Widen(ReadOnlySpan<byte> bytes, Span<ushort> ids)
    {
        var narrow = MemoryMarshal.Cast<byte, Vector<byte>>(bytes);
        var wide = MemoryMarshal.Cast<ushort, Vector<ushort>>(ids);
        for (int i = 0; i < narrow.Length; i++)
        {
            Vector.Widen(narrow[i], out var low, out var high);
            wide[2 * i] = low;
            wide[2 * i + 1] = high;
        }
        for (int i = narrow.Length * Vector<byte>.Count; i < bytes.Length; i++)
            ids[i] = bytes[i];
    }

    private ArgumentOutOfRangeException NotAClass(string which, ushort id, int position, string more) =>
        new(which, id, $"The {which} id {id} at position {position} is outside 0..{_classes - 1}{more}.");
}
