using System.Numerics;
using SamSegmentation.ML.Prediction.Passes;

namespace SamSegmentation.ML.Prediction.Logits;

/// <summary>The network's output for its square input, padding included: classes × height × width logits.</summary>
/// <param name="Values">The logits, class after class, row by row.</param>
/// <param name="Classes">How many classes.</param>
/// <param name="Height">Cells down.</param>
/// <param name="Width">Cells across.</param>
internal sealed record LogitSquare(float[] Values, int Classes, int Height, int Width)
{
    /// <summary>Brings a class's logits to pixels in one bilinear step: first across, then down.</summary>
    /// <param name="id">The class.</param>
    /// <param name="rows">Where the pixels' rows lie among the cells.</param>
    /// <param name="columns">Where their columns lie.</param>
    /// <param name="wide">Room for the needed rows of cells × columns.</param>
    /// <param name="target">Rows × columns.</param>
    public void Upsample(int id, CellPlaces rows, CellPlaces columns, Span<float> wide, Span<float> target)
    {
        var width = columns.Count;
        for (var y = 0; y < rows.Needed; y++)
            Widen(Values.AsSpan((id * Height + rows.First + y) * Width, Width), columns, wide.Slice(y * width, width));
        for (var y = 0; y < rows.Count; y++)
        {
            var near = wide.Slice((rows.Near[y] - rows.First) * width, width);
            var far = wide.Slice((rows.Far[y] - rows.First) * width, width);
            Blend(near, rows.NearWeights[y], far, rows.FarWeights[y], target.Slice(y * width, width));
        }
    }

    private static void Widen(ReadOnlySpan<float> cells, CellPlaces columns, Span<float> target)
    {
        ReadOnlySpan<int> near = columns.Near, far = columns.Far;
        ReadOnlySpan<float> nearWeights = columns.NearWeights, farWeights = columns.FarWeights;
        for (var x = 0; x < target.Length; x++)
            target[x] = nearWeights[x] * cells[near[x]] + farWeights[x] * cells[far[x]];
    }

    private static void Blend(ReadOnlySpan<float> near, float nearWeight, ReadOnlySpan<float> far, float farWeight, Span<float> target)
    {
        var x = 0;
        for (; x + Vector<float>.Count <= target.Length; x += Vector<float>.Count)
            (nearWeight * new Vector<float>(near[x..]) + farWeight * new Vector<float>(far[x..])).CopyTo(target[x..]);
        for (; x < target.Length; x++)
            target[x] = nearWeight * near[x] + farWeight * far[x];
    }
}
