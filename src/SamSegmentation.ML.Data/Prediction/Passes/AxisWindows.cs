namespace SamSegmentation.ML.Prediction.Passes;

/// <summary>Lays windows over one axis of an image.</summary>
internal static class AxisWindows
{
    // Weights are multiples of 1 / Grain. Its square is 2²⁴: float32 holds every product and sum of them exactly.
    private const int Grain = 1 << 12;

    /// <summary>The windows that cover an axis, evenly spread; those that hold no pixel's centre are left out.</summary>
    /// <param name="own">The image's own side.</param>
    /// <param name="scaled">The side that it is scaled to.</param>
    /// <param name="size">A window's length; a shorter side is one window.</param>
    /// <param name="overlap">The least part of a window that its neighbour covers too; 0 to below 1.</param>
    public static IReadOnlyList<AxisWindow> Cover(int own, int scaled, int size, double overlap)
    {
        var length = Math.Min(scaled, size);
        var starts = Starts(scaled, length, overlap);
        var windows = new (int First, List<float> Weights)[starts.Length];
        var earliest = 0;
        for (var pixel = 0; pixel < own; pixel++)
        {
            var centre = (pixel + 0.5) * scaled / own;
            while (starts[earliest] + length <= centre)
                earliest++;
            var end = earliest;
            while (end < starts.Length && starts[end] <= centre)
                end++;
            var shares = Shares(starts.AsSpan(earliest, end - earliest), centre, length, scaled);
            for (var i = 0; i < shares.Length; i++)
            {
                ref var window = ref windows[earliest + i];
                window.Weights ??= [];
                if (window.Weights.Count == 0)
                    window.First = pixel;
                window.Weights.Add((float)shares[i] / Grain);
            }
        }
        return [.. starts.Zip(windows)
            .Where(pair => pair.Second.Weights is not null)
            .Select(pair => new AxisWindow(own, scaled, pair.First, length, pair.Second.First, [.. pair.Second.Weights]))];
    }

    private static int[] Starts(int scaled, int length, double overlap)
    {
        var rest = scaled - length;
        var stride = Math.Max(1, (int)(length * (1 - overlap)));
        var steps = (rest + stride - 1) / stride;
        return [.. Enumerable.Range(0, steps + 1).Select(i => steps == 0 ? 0 : (int)(((long)i * rest * 2 + steps) / (2L * steps)))];
    }

    // The distance to the nearer edge of the window, where the image goes on beyond it: between two windows that is a
    // linear passage from one to the other.
    private static int[] Shares(ReadOnlySpan<int> starts, double centre, int length, int scaled)
    {
        var shares = new int[starts.Length];
        var distances = new double[starts.Length];
        for (var i = 0; i < starts.Length; i++)
        {
            var before = starts[i] == 0 ? length : centre - starts[i];
            var after = starts[i] + length == scaled ? length : starts[i] + length - centre;
            distances[i] = Math.Min(before, after);
        }
        var all = distances.Sum();
        var largest = Array.IndexOf(distances, distances.Max());
        var left = Grain;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = all > 0 ? (int)(distances[i] / all * Grain) : 0;
            left -= shares[i];
        }
        shares[largest] += left;
        return shares;
    }
}
