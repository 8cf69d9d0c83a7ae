namespace SamSegmentation.ML.Imaging;

/// <summary>
/// Which input samples each output sample of an axis is made of, and with which weights: Pillow's triangle filter,
/// which widens when it shrinks (antialiasing), in fixed point with 22 fractional bits.
/// </summary>
internal sealed class ResizeAxis
{
    /// <summary>Fractional bits of a weight. 8 bits of a sample and 2 for the sum's overshoot fill the other 10 of an int.</summary>
    public const int FractionBits = 22;

    /// <summary>One half, which rounds a sum.</summary>
    public const int Half = 1 << (FractionBits - 1);

    /// <summary>Computes the weights of an axis.</summary>
    /// <param name="inputs">Length of the input, at least 1.</param>
    /// <param name="outputs">Length of the output, at least 1.</param>
    public ResizeAxis(int inputs, int outputs)
        : this(inputs, outputs, 0, outputs)
    {
    }

    /// <summary>Computes the weights of a part of an axis.</summary>
    /// <param name="inputs">Length of the input, at least 1.</param>
    /// <param name="outputs">Length of the whole output, at least 1.</param>
    /// <param name="start">The part's first output.</param>
    /// <param name="length">The part's length, at least 1.</param>
    public ResizeAxis(int inputs, int outputs, int start, int length)
    {
        double scale = (double)inputs / outputs;
        double support = Math.Max(scale, 1);
        double perSupport = 1 / support;
        Stride = ((int)Math.Ceiling(support) * 2) + 1;
        First = new int[length];
        Counts = new int[length];
        Weights = new int[checked(length * Stride)];
        double[] weights = new double[Stride];
        for (int i = 0; i < length; i++)
        {
            double center = (start + i + 0.5) * scale;
            int first = Math.Max(0, (int)(center - support + 0.5));
            int count = Math.Min(inputs, (int)(center + support + 0.5)) - first;
            double sum = 0;
            for (int x = 0; x < count; x++)
            {
                weights[x] = Math.Max(0, 1 - Math.Abs((x + first - center + 0.5) * perSupport));
                sum += weights[x];
            }

            for (int x = 0; x < count; x++)
            {
                Weights[(i * Stride) + x] = (int)(0.5 + (weights[x] / sum * (1 << FractionBits)));
            }

            First[i] = first;
            Counts[i] = count;
        }
    }

    /// <summary>For each output, its first input.</summary>
    public int[] First { get; }

    /// <summary>For each output, how many inputs it is made of: at least 1.</summary>
    public int[] Counts { get; }

    /// <summary>From one output's weights to the next's.</summary>
    public int Stride { get; }

    /// <summary>All weights; output i's begin at i · <see cref="Stride"/>.</summary>
    public int[] Weights { get; }
}
