using System.Buffers;
using System.Numerics;
using SamSegmentation.ML.Prediction.Passes;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// One row of logits at the input's width, and the gradient that its pixels collect. Classes lie beside each other for as
/// many pixels as a vector holds, so that the loss reads and writes memory in its order.
/// </summary>
internal sealed class FusedRow : IDisposable
{
    private readonly int _classes;
    private readonly CellPlaces _columns;

    /// <summary>Makes an empty row.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="columns">From cells to the row's pixels.</param>
    public FusedRow(int classes, CellPlaces columns)
    {
        (_classes, _columns) = (classes, columns);
        Length = Groups(columns.Count) * classes * Vector<float>.Count;
        Values = ArrayPool<float>.Shared.Rent(Length);
        Gradients = ArrayPool<float>.Shared.Rent(Length);
        // Pixels behind the last one are computed too; they must be numbers, and count for nothing.
        Values.AsSpan(0, Length).Clear();
        Gradients.AsSpan(0, Length).Clear();
    }

    /// <summary>The row of cells that it holds; −1 for none.</summary>
    public int Row { get; private set; } = -1;

    /// <summary>Groups × classes × pixels of a group.</summary>
    public float[] Values { get; }

    /// <summary>As <see cref="Values"/>.</summary>
    public float[] Gradients { get; }

    private int Length { get; }

    /// <summary>How many vectors hold a number of pixels.</summary>
    public static int Groups(int pixels) => (pixels + Vector<float>.Count - 1) / Vector<float>.Count;

    /// <summary>Upsamples a row of cells.</summary>
    /// <param name="row">Its place.</param>
    /// <param name="logits">Classes × height × width.</param>
    /// <param name="height">Rows of cells.</param>
    /// <param name="width">Cells of a row.</param>
    public void Load(int row, ReadOnlySpan<float> logits, int height, int width)
    {
        Row = row;
        var (near, far, share) = (_columns.Near, _columns.Far, _columns.FarWeights);
        for (var c = 0; c < _classes; c++)
        {
            var cells = logits.Slice((c * height + row) * width, width);
            for (int start = 0, at = c * Vector<float>.Count; start < near.Length; start += Vector<float>.Count, at += _classes * Vector<float>.Count)
            {
                var group = Values.AsSpan(at, Math.Min(Vector<float>.Count, near.Length - start));
                for (var i = 0; i < group.Length; i++)
                {
                    var x = start + i;
                    var value = cells[near[x]];
                    group[i] = value + share[x] * (cells[far[x]] - value);
                }
            }
        }
    }

    /// <summary>Adds the collected gradient to the cells', and forgets it.</summary>
    /// <param name="gradient">Classes × height × width.</param>
    /// <param name="height">Rows of cells.</param>
    /// <param name="width">Cells of a row.</param>
    public void Flush(Span<float> gradient, int height, int width)
    {
        if (Row < 0)
            return;
        for (var c = 0; c < _classes; c++)
            FlushClass(c, gradient.Slice((c * height + Row) * width, width));
        Gradients.AsSpan(0, Length).Clear();
        Row = -1;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(Values);
        ArrayPool<float>.Shared.Return(Gradients);
    }

    // Sums stay in registers as long as the pixels lie between the same two cells.
    private void FlushClass(int c, Span<float> cells)
    {
        var (near, far, share) = (_columns.Near, _columns.Far, _columns.FarWeights);
        var (at, toNear, toFar) = (0, 0f, 0f);
        for (int start = 0, position = c * Vector<float>.Count; start < near.Length; start += Vector<float>.Count, position += _classes * Vector<float>.Count)
        {
            var group = Gradients.AsSpan(position, Math.Min(Vector<float>.Count, near.Length - start));
            for (var i = 0; i < group.Length; i++)
            {
                var x = start + i;
                if (near[x] != near[at])
                {
                    Add(cells);
                    (at, toNear, toFar) = (x, 0, 0);
                }
                var part = share[x] * group[i];
                toFar += part;
                toNear += group[i] - part;
            }
        }
        Add(cells);

        void Add(Span<float> target)
        {
            target[near[at]] += toNear;
            target[far[at]] += toFar;
        }
    }
}
