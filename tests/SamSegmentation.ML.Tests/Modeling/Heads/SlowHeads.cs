using SamSegmentation.ML.Tests.Golden.Slow;

namespace SamSegmentation.ML.Tests.Modeling.Heads;

/// <summary>The heads in plain loops, in float64, with hash-made weights; a map is [channel, row, column].</summary>
internal static class SlowHeads
{
    public static double[,,] Linear(double[,,] map, int classes) => Convolve("classifier", map, classes, kernel: 1, rate: 1, biased: true);

    /// <summary>DeepLabv3's head with rates that are stated here.</summary>
    public static double[,,] Aspp(double[,,] map, int[] rates, int width, int classes)
    {
        var (height, columns) = (map.GetLength(1), map.GetLength(2));
        double[][,,] branches =
        [
            Block("branches.0", map, width, kernel: 1, rate: 1),
            .. rates.Select((rate, i) => Block($"branches.{i + 1}", map, width, kernel: 3, rate)),
            Interpolate(Block("image_pooling", Pool(map, 1), width, kernel: 1, rate: 1), height, columns),
        ];
        return Linear(Block("projection", Stack(branches), width, kernel: 1, rate: 1), classes);
    }

    /// <summary>PSPNet's head.</summary>
    public static double[,,] PyramidPooling(double[,,] map, int width, int classes)
    {
        var (channels, height, columns) = (map.GetLength(0), map.GetLength(1), map.GetLength(2));
        int[] bins = [1, 2, 3, 6];
        double[][,,] levels =
        [
            map,
            .. bins.Select((parts, i) => Interpolate(Block($"pyramid.{i}", Pool(map, parts), channels / 4, kernel: 1, rate: 1), height, columns)),
        ];
        return Linear(Block("bottleneck", Stack(levels), width, kernel: 3, rate: 1), classes);
    }

    private static double[,,] Block(string name, double[,,] map, int outputs, int kernel, int rate)
    {
        var mixed = Convolve($"{name}.conv", map, outputs, kernel, rate, biased: false);
        var norm = SlowLayers.LayerNorm($"{name}.norm", outputs, 1e-6);
        ForEachCell(mixed, (y, x) =>
        {
            var cell = SlowLayers.Relu(norm([.. Enumerable.Range(0, outputs).Select(c => mixed[c, y, x])]));
            for (var c = 0; c < outputs; c++)
                mixed[c, y, x] = cell[c];
        });
        return mixed;
    }

    private static double[,,] Convolve(string name, double[,,] map, int outputs, int kernel, int rate, bool biased)
    {
        var (inputs, height, columns) = (map.GetLength(0), map.GetLength(1), map.GetLength(2));
        var weight = SlowWeights.Of($"{name}.weight", outputs, inputs, kernel, kernel);
        var bias = biased ? SlowWeights.Of($"{name}.bias", outputs) : new double[outputs];
        var result = new double[outputs, height, columns];
        ForEachCell(result, (y, x) =>
        {
            for (var o = 0; o < outputs; o++)
            {
                result[o, y, x] = bias[o];
                for (var i = 0; i < inputs; i++)
                {
                    for (var v = 0; v < kernel; v++)
                    {
                        for (var u = 0; u < kernel; u++)
                        {
                            var (row, column) = (y + rate * (v - kernel / 2), x + rate * (u - kernel / 2));
                            if (row >= 0 && row < height && column >= 0 && column < columns)
                                result[o, y, x] += weight[((o * inputs + i) * kernel + v) * kernel + u] * map[i, row, column];
                        }
                    }
                }
            }
        });
        return result;
    }

    // Part i of n reaches from ⌊i·g/n⌋ to ⌈(i + 1)·g/n⌉.
    private static double[,,] Pool(double[,,] map, int parts)
    {
        var (channels, height, columns) = (map.GetLength(0), map.GetLength(1), map.GetLength(2));
        var means = new double[channels, parts, parts];
        ForEachCell(means, (y, x) =>
        {
            var (top, bottom) = (y * height / parts, ((y + 1) * height + parts - 1) / parts);
            var (left, right) = (x * columns / parts, ((x + 1) * columns + parts - 1) / parts);
            for (var c = 0; c < channels; c++)
            {
                for (var row = top; row < bottom; row++)
                {
                    for (var column = left; column < right; column++)
                        means[c, y, x] += map[c, row, column] / ((bottom - top) * (right - left));
                }
            }
        });
        return means;
    }

    private static double[,,] Interpolate(double[,,] map, int height, int columns)
    {
        var result = new double[map.GetLength(0), height, columns];
        ForEachCell(result, (y, x) =>
        {
            var (top, bottom, down) = Neighbours(y, map.GetLength(1), height);
            var (left, right, over) = Neighbours(x, map.GetLength(2), columns);
            for (var c = 0; c < result.GetLength(0); c++)
            {
                result[c, y, x] = (1 - down) * ((1 - over) * map[c, top, left] + over * map[c, top, right])
                    + down * ((1 - over) * map[c, bottom, left] + over * map[c, bottom, right]);
            }
        });
        return result;
    }

    private static (int Near, int Far, double Share) Neighbours(int at, int cells, int size)
    {
        var centre = Math.Max(0, (at + 0.5) * cells / size - 0.5);
        var near = (int)centre;
        return (near, Math.Min(near + 1, cells - 1), centre - near);
    }

    private static double[,,] Stack(double[][,,] maps)
    {
        var result = new double[maps.Sum(map => map.GetLength(0)), maps[0].GetLength(1), maps[0].GetLength(2)];
        var first = 0;
        foreach (var map in maps)
        {
            ForEachCell(map, (y, x) =>
            {
                for (var c = 0; c < map.GetLength(0); c++)
                    result[first + c, y, x] = map[c, y, x];
            });
            first += map.GetLength(0);
        }
        return result;
    }

    private static void ForEachCell(double[,,] map, Action<int, int> use)
    {
        for (var y = 0; y < map.GetLength(1); y++)
        {
            for (var x = 0; x < map.GetLength(2); x++)
                use(y, x);
        }
    }
}
