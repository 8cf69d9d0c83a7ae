using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.NN;

/// <summary>Each layer against its formula, computed element by element in the test.</summary>
public sealed class LayerTests
{
    [Fact]
    public void Linear_IsXTimesWTransposedPlusB()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(3, 2);
        Set(layer, "weight", [1, 2, 3, 4, 5, 6]);
        Set(layer, "bias", [10, 20]);
        Assert.Equal([2L, 3L], layer.get_parameter("weight")!.shape);
        TensorAssert.Equal([1, 2], [1 * 1 + 2 * 2 + 3 * 3 + 10, 4 + 10 + 18 + 20], layer.call(tensor(new[] { 1f, 2, 3 }, 1, 3)));
        Assert.Equal([5L, 4L, 2L], layer.call(zeros(5, 4, 3)).shape);
        using var without = nn.Linear(3, 2, hasBias: false);
        Assert.Equal(["weight"], without.named_parameters().Select(p => p.name));
    }

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(1, 1, 1, 2)]
    public void Conv2d_IsTheSumOverItsWindow(int stride, int padding, int dilation, int groups)
    {
        using var scope = NewDisposeScope();
        const int Inputs = 4, Outputs = 2, Kernel = 3, Size = 6;
        using var layer = nn.Conv2d(Inputs, Outputs, Kernel, stride: stride, padding: padding, dilation: dilation, groups: groups);
        var input = Numbers(1, Inputs, Size, Size);
        var weight = Numbers(Outputs, Inputs / groups, Kernel, Kernel) * 0.5;
        Set(layer, "weight", TensorAssert.Values(weight));
        Set(layer, "bias", [0.25, -0.5]);
        double[] x = TensorAssert.Values(input), w = TensorAssert.Values(weight);
        int size = (Size + 2 * padding - dilation * (Kernel - 1) - 1) / stride + 1;
        var expected = new List<double>();
        for (int o = 0; o < Outputs; o++)
            for (int row = 0; row < size; row++)
                for (int column = 0; column < size; column++)
                {
                    double sum = o == 0 ? 0.25 : -0.5;
                    for (int i = 0; i < Inputs / groups; i++)
                        for (int dr = 0; dr < Kernel; dr++)
                            for (int dc = 0; dc < Kernel; dc++)
                            {
                                int r = row * stride - padding + dr * dilation, c = column * stride - padding + dc * dilation;
                                int channel = o / (Outputs / groups) * (Inputs / groups) + i;
                                if (r >= 0 && r < Size && c >= 0 && c < Size)
                                    sum += x[(channel * Size + r) * Size + c] * w[((o * (Inputs / groups) + i) * Kernel + dr) * Kernel + dc];
                            }
                    expected.Add(sum);
                }
        TensorAssert.Equal([1, Outputs, size, size], [.. expected], layer.call(input), 1e-5);
    }

    [Fact]
    public void ConvTranspose2d_SpreadsEachPixelOverItsWindow()
    {
        using var scope = NewDisposeScope();
        const int Inputs = 2, Outputs = 3, Kernel = 2, Stride = 2, Size = 3;
        using var layer = nn.ConvTranspose2d(Inputs, Outputs, Kernel, stride: Stride);
        var input = Numbers(1, Inputs, Size, Size);
        var weight = Numbers(Inputs, Outputs, Kernel, Kernel) * 0.5;
        Set(layer, "weight", TensorAssert.Values(weight));
        Set(layer, "bias", [1, 2, 3]);
        double[] x = TensorAssert.Values(input), w = TensorAssert.Values(weight);
        const int Out = Size * Stride;
        var expected = new double[Outputs * Out * Out];
        for (int o = 0; o < Outputs; o++)
            for (int p = 0; p < Out * Out; p++)
            {
                int row = p / Out, column = p % Out;
                expected[o * Out * Out + p] = o + 1;
                for (int i = 0; i < Inputs; i++)
                    expected[o * Out * Out + p] += x[(i * Size + row / 2) * Size + column / 2] * w[((i * Outputs + o) * Kernel + row % 2) * Kernel + column % 2];
            }
        TensorAssert.Equal([1, Outputs, Out, Out], expected, layer.call(input), 1e-5);
    }

    [Fact]
    public void LayerNorm_HasMeanZeroAndVarianceOne()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.LayerNorm(4, eps: 0.5);
        Set(layer, "weight", [1, 2, 3, 4]);
        Set(layer, "bias", [0, 0, 0, 1]);
        // Mean 2.5, biased variance 1.25.
        double d = Math.Sqrt(1.25 + 0.5);
        TensorAssert.Equal([-1.5 / d, 2 * -0.5 / d, 3 * 0.5 / d, 4 * 1.5 / d + 1], layer.call(tensor(new[] { 1f, 2, 3, 4 }, 1, 4)), 1e-6);
        using var plain = nn.LayerNorm([2, 2], elementwise_affine: false);
        Assert.Empty(plain.named_parameters());
        Assert.Equal(0, plain.call(Numbers(3, 2, 2)).sum().item<float>(), 1e-5f);
    }

    [Fact]
    public void Embedding_ReadsRows()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Embedding(3, 2);
        Set(layer, "weight", [1, 2, 3, 4, 5, 6]);
        TensorAssert.Equal([2, 2], [5, 6, 1, 2], layer.call(tensor(new[] { 2L, 0 })));
    }

    [Fact]
    public void Activations_AreTheirFormulas()
    {
        using var scope = NewDisposeScope();
        double[] at = [-1.5, -0.25, 0.5, 2];
        var x = tensor(at);
        double Erf(double value) => tensor(value).erf().item<double>();
        (nn.Module<Tensor, Tensor> Layer, Func<double, double> Expected)[] cases =
        [
            (nn.ReLU(), v => Math.Max(v, 0)),
            (nn.GELU(), v => v * 0.5 * (1 + Erf(v / Math.Sqrt(2)))),
            (nn.Sigmoid(), v => 1 / (1 + Math.Exp(-v))),
            (nn.Tanh(), Math.Tanh),
            (nn.SiLU(), v => v / (1 + Math.Exp(-v))),
            (nn.Identity(), v => v),
            (nn.Softmax(0), v => Math.Exp(v) / at.Sum(Math.Exp)),
            (nn.LogSoftmax(0), v => v - Math.Log(at.Sum(Math.Exp))),
        ];
        foreach (var (layer, expected) in cases)
        {
            TensorAssert.Equal([.. at.Select(expected)], layer.call(x), 1e-14);
            layer.Dispose();
        }
    }

    [Fact]
    public void Dropout_KeepsTheMeanInTrainingAndAllElsewhere()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Dropout(0.25);
        var x = ones(10_000);
        manual_seed(1);
        double[] trained = TensorAssert.Values(layer.call(x));
        Assert.Equal([0, 4 / 3f], trained.Distinct().Order());
        Assert.InRange(trained.Count(v => v == 0), 2300, 2700);
        layer.eval();
        TensorAssert.Equal(TensorAssert.Values(x), layer.call(x));
    }

    [Fact]
    public void Sequential_RunsOneAfterTheOther()
    {
        using var scope = NewDisposeScope();
        using var first = nn.Linear(2, 2, hasBias: false);
        Set(first, "weight", [1, -1, 1, 1]);
        using var network = nn.Sequential(("first", first), ("relu", nn.ReLU()));
        TensorAssert.Equal([0, 3], network.call(tensor(new[] { 1f, 2 })));
        Assert.Equal(["first.weight"], network.named_parameters().Select(p => p.name));
        using var numbered = nn.Sequential(nn.Linear(1, 1), nn.ReLU(), nn.Linear(1, 1));
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], numbered.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void Initialisation_StaysWithinItsBounds()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var linear = nn.Linear(16, 64);
        Bounded(linear.get_parameter("weight")!, 0.25);
        Bounded(linear.get_parameter("bias")!, 0.25);
        using var convolution = nn.Conv2d(4, 8, 2);
        Bounded(convolution.get_parameter("weight")!, 0.25);
        using var norm = nn.LayerNorm(3);
        TensorAssert.Equal([1, 1, 1], norm.get_parameter("weight")!);
        TensorAssert.Equal([0, 0, 0], norm.get_parameter("bias")!);

        static void Bounded(Parameter parameter, double bound)
        {
            double[] values = TensorAssert.Values(parameter);
            Assert.InRange(values.Max(Math.Abs), bound * 0.8, bound);
        }
    }

    private static void Set(nn.Module layer, string name, double[] values)
    {
        using var mode = no_grad();
        var parameter = layer.get_parameter(name)!;
        parameter.copy_(tensor(values).reshape(parameter.shape));
    }

    private static Tensor Numbers(params long[] shape) =>
        arange(shape.Aggregate(1L, (product, size) => product * size)).@float().mul(1.7).sin().reshape(shape);
}
