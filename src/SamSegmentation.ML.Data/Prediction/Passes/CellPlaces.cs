namespace SamSegmentation.ML.Prediction.Passes;

/// <summary>
/// Where consecutive pixels of an axis lie among the cells of the network's output: between two neighbours each, in
/// float32 shares that add up to 1.
/// </summary>
/// <param name="Near">The cell before a pixel's centre, or the first one.</param>
/// <param name="Far">The cell after it; the same as before at the last one.</param>
/// <param name="NearWeights">The share of the cell before; 1 where both are the same.</param>
/// <param name="FarWeights">The share of the cell after; 0 where both are the same.</param>
internal sealed record CellPlaces(int[] Near, int[] Far, float[] NearWeights, float[] FarWeights)
{
    /// <summary>How many pixels.</summary>
    public int Count => Near.Length;

    /// <summary>The first cell that is needed.</summary>
    public int First { get; } = Near.Min();

    /// <summary>How many cells are needed, from the first to the last.</summary>
    public int Needed { get; } = Far.Max() - Near.Min() + 1;

    /// <summary>The places of <paramref name="count"/> pixels.</summary>
    /// <param name="count">At least 1.</param>
    /// <param name="cells">How many cells there are.</param>
    /// <param name="place">Where the centre of a pixel lies: 0 is the centre of the first cell.</param>
    public static CellPlaces Of(int count, int cells, Func<int, double> place)
    {
        var (near, far) = (new int[count], new int[count]);
        var (nearWeights, farWeights) = (new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            var cell = Math.Max(0, place(i));
            near[i] = Math.Min((int)cell, cells - 1);
            far[i] = Math.Min(near[i] + 1, cells - 1);
            var share = far[i] == near[i] ? 0 : cell - near[i];
            (nearWeights[i], farWeights[i]) = ((float)(1 - share), (float)share);
        }
        return new CellPlaces(near, far, nearWeights, farWeights);
    }
}
