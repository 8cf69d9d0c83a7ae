namespace SamSegmentation.ML.Tests.Golden.Slow;

/// <summary>The layers of SAM, one token (a vector of channels) after another, in float64 and in plain loops.</summary>
internal static class SlowLayers
{
    /// <summary>Applies a layer to each token.</summary>
    public static double[][] Each(this double[][] tokens, Func<double[], double[]> layer) => Array.ConvertAll(tokens, token => layer(token));

    /// <summary>Adds token by token.</summary>
    public static double[][] Plus(this double[][] left, double[][] right) => [.. left.Zip(right, Plus)];

    /// <summary>Adds channel by channel.</summary>
    public static double[] Plus(this double[] left, double[] right) => [.. left.Zip(right, (a, b) => a + b)];

    /// <summary>A linear layer of a checkpoint's name: W·x + b.</summary>
    public static Func<double[], double[]> Linear(string name, int inputs, int outputs)
    {
        var (weight, bias) = (SlowWeights.Of(name + ".weight", outputs, inputs), SlowWeights.Of(name + ".bias", outputs));
        return x =>
        {
            var y = new double[outputs];
            for (var o = 0; o < outputs; o++)
            {
                y[o] = bias[o];
                for (var i = 0; i < inputs; i++)
                    y[o] += weight[o * inputs + i] * x[i];
            }
            return y;
        };
    }

    /// <summary>A layer norm of a checkpoint's name.</summary>
    public static Func<double[], double[]> LayerNorm(string name, int channels, double epsilon)
    {
        var (weight, bias) = (SlowWeights.Of(name + ".weight", channels), SlowWeights.Of(name + ".bias", channels));
        return x =>
        {
            var mean = x.Average();
            var variance = x.Average(value => (value - mean) * (value - mean));
            return [.. x.Select((value, c) => (value - mean) / Math.Sqrt(variance + epsilon) * weight[c] + bias[c])];
        };
    }

    /// <summary>An MLP of a checkpoint's name, with ReLU between its layers.</summary>
    public static Func<double[], double[]> Mlp(string name, params int[] widths)
    {
        Func<double[], double[]>[] layers = [.. Enumerable.Range(0, widths.Length - 1).Select(i => Linear($"{name}.layers.{i}", widths[i], widths[i + 1]))];
        return x => layers.Skip(1).Aggregate(layers[0](x), (hidden, layer) => layer(Relu(hidden)));
    }

    /// <summary>max(x, 0).</summary>
    public static double[] Relu(double[] x) => Array.ConvertAll(x, value => Math.Max(value, 0));

    /// <summary>x·Φ(x), Φ the normal distribution's cumulative function.</summary>
    public static double[] Gelu(double[] x) => Array.ConvertAll(x, value => value * (1 + Erf(value / Math.Sqrt(2))) / 2);

    /// <summary>The weighted sum of vectors whose weights are the softmax of scores.</summary>
    public static double[] SoftmaxSum(double[] scores, Func<int, ReadOnlySpan<double>> vector)
    {
        var highest = scores.Max();
        var weights = Array.ConvertAll(scores, score => Math.Exp(score - highest));
        var total = weights.Sum();
        var sum = new double[vector(0).Length];
        for (var i = 0; i < scores.Length; i++)
        {
            for (var c = 0; c < sum.Length; c++)
                sum[c] += weights[i] / total * vector(i)[c];
        }
        return sum;
    }

    /// <summary>a·b.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    // erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ·x^(2n+1) / (1·3·…·(2n+1)), whose terms all have one sign (Abramowitz and Stegun, 7.1.6).
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
