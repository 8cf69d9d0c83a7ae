namespace SamSegmentation.ML.Tests.Golden.Slow;

/// <summary>Hash-made weights in float64. Their shapes are stated here and not asked of the network under test.</summary>
internal static class SlowWeights
{
    /// <summary>A weight's values, row by row.</summary>
    public static double[] Of(string name, params long[] shape) => Array.ConvertAll(GoldenWeights.Values(name, shape), value => (double)value);

    /// <summary>Numbers in [−1, 1) for an input.</summary>
    public static double[] Input(string name, long count)
    {
        var values = new double[count];
        for (var j = 0L; j < count; j++)
            values[j] = 2 * GoldenWeights.Uniform(name, j) - 1;
        return values;
    }
}
