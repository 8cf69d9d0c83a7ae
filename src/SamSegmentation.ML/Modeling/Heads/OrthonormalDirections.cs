namespace SamSegmentation.ML.Modeling.Heads;

/// <summary>Random directions at right angles to each other.</summary>
internal static class OrthonormalDirections
{
    /// <summary>
    /// Draws normally distributed vectors and orthonormalises them by Gram and Schmidt's method, each vector twice, which
    /// keeps the angles right to rounding (Giraud et al., "The loss of orthogonality in the Gram-Schmidt orthogonalization process", 2005).
    /// </summary>
    /// <param name="rows">Rows R of the result.</param>
    /// <param name="columns">Columns N of the result.</param>
    /// <param name="seed">Decides the vectors.</param>
    /// <returns>[R, N], row-major: with R ≤ N the rows are orthonormal, else the columns.</returns>
    public static float[] Draw(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var (count, length) = (Math.Min(rows, columns), Math.Max(rows, columns));
        var vectors = new double[count][];
        for (var i = 0; i < count; i++)
        {
            vectors[i] = [.. Enumerable.Range(0, length).Select(_ => Normal(random))];
            Orthonormalize(vectors, i);
        }
        var values = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                values[row * columns + column] = (float)(rows <= columns ? vectors[row][column] : vectors[column][row]);
        }
        return values;
    }

    private static void Orthonormalize(double[][] vectors, int last)
    {
        var vector = vectors[last];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < last; i++)
            {
                var shared = Dot(vectors[i], vector);
                for (var k = 0; k < vector.Length; k++)
                    vector[k] -= shared * vectors[i][k];
            }
        }
        var norm = Math.Sqrt(Dot(vector, vector));
        for (var k = 0; k < vector.Length; k++)
            vector[k] /= norm;
    }

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var k = 0; k < left.Length; k++)
            sum += left[k] * right[k];
        return sum;
    }

    // Box and Muller's transform.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
