namespace SamSegmentation.ML.Tests.Golden.Slow;

/// <summary>What follows the decoder, in plain loops: bilinear upsampling, the class of each pixel, cross-entropy.</summary>
internal static class SlowPixels
{
    /// <summary>Bilinear interpolation of a square map (align_corners: false).</summary>
    public static double[] Upsample(double[] map, int side, int size)
    {
        var result = new double[size * size];
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var (top, bottom, down) = Neighbours(y);
                var (left, right, across) = Neighbours(x);
                result[y * size + x] = (1 - down) * ((1 - across) * map[top * side + left] + across * map[top * side + right])
                    + down * ((1 - across) * map[bottom * side + left] + across * map[bottom * side + right]);
            }
        }
        return result;

        (int Near, int Far, double Share) Neighbours(int i)
        {
            var centre = Math.Max((i + 0.5) * side / size - 0.5, 0);
            var near = (int)Math.Floor(centre);
            return (near, Math.Min(near + 1, side - 1), centre - near);
        }
    }

    /// <summary>The first of the classes with the highest logit.</summary>
    public static byte Class(double[][] logits, int pixel) =>
        (byte)Enumerable.Range(0, logits.Length).MaxBy(c => logits[c][pixel]);

    /// <summary>−log softmax of a pixel's own class.</summary>
    public static double CrossEntropy(double[][] logits, int pixel, int label)
    {
        double[] own = [.. logits.Select(plane => plane[pixel])];
        var highest = own.Max();
        return highest + Math.Log(own.Sum(logit => Math.Exp(logit - highest))) - own[label];
    }

    /// <summary>Values in [0, 1] as pixels 0..255, standardised as SAM wants them.</summary>
    public static double[] Standardise(double[] unit)
    {
        double[] mean = [123.675, 116.28, 103.53], deviation = [58.395, 57.12, 57.375];
        var plane = unit.Length / 3;
        return [.. unit.Select((value, i) => (value * 255 - mean[i / plane]) / deviation[i / plane])];
    }
}
