using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Tests.Golden;
using SamSegmentation.ML.Tests.Golden.Slow;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling.Heads;

/// <summary>Each head against its computation in plain loops.</summary>
public sealed class HeadComparisonTests
{
    private const int Channels = 8;
    private const int Width = 5;
    private const int Classes = 3;
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Linear_EqualsTheSlowOne(int grid) =>
        AssertEqual(new LinearHead(Channels, Classes), grid, map => SlowHeads.Linear(map, Classes));

    [Theory]
    [InlineData(1, 1, 2, 3)]
    [InlineData(5, 1, 2, 3)]
    [InlineData(8, 2, 3, 5)]
    [InlineData(11, 2, 4, 6)]
    public void Aspp_EqualsTheSlowOne(int grid, params int[] rates) =>
        AssertEqual(new AsppHead(Channels, grid, Width, Classes), grid, map => SlowHeads.Aspp(map, rates, Width, Classes));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(12)]
    public void PyramidPooling_EqualsTheSlowOne(int grid) =>
        AssertEqual(new PyramidPoolingHead(Channels, Width, Classes), grid, map => SlowHeads.PyramidPooling(map, Width, Classes));

    [Theory]
    [InlineData(64, 12, 24, 36)]
    [InlineData(32, 6, 12, 18)]
    [InlineData(2, 1, 2, 3)]
    public void RatesOn_AGrid_ReachAsFarAsThePapersDo(int grid, params int[] expected) => Assert.Equal(expected, AsppHead.RatesOn(grid));

    private static void AssertEqual(nn.Module<Tensor, Tensor> head, int grid, Func<double[,,], double[,,]> slow)
    {
        // The scope ends last: what the conversion makes anew belongs to it in some versions of TorchSharp.
        using (NewDisposeScope())
        using (head)
        {
            GoldenWeights.Fill(head);
            head.to(ScalarType.Float64);
            var values = SlowWeights.Input("embeddings", 2L * Channels * grid * grid);

            var actual = head.forward(tensor(values, [2L, Channels, grid, grid])).contiguous();

            Assert.Equal([2L, Classes, grid, grid], actual.shape);
            for (var image = 0; image < 2; image++)
            {
                var map = new double[Channels, grid, grid];
                Buffer.BlockCopy(values, image * map.Length * sizeof(double), map, 0, map.Length * sizeof(double));
                var expected = slow(map).Cast<double>();
                Assert.Equal(expected, actual[image].contiguous().data<double>().ToArray(), (a, b) => Math.Abs(a - b) <= Tolerance);
            }
        }
    }
}
