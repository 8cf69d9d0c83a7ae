using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.NN;

public sealed class FunctionalTests
{
    private static readonly double[] s_logits = [0.5, -1, 2, 1, 0, -0.5, 3, 0.25, -2];

    [Fact]
    public void CrossEntropy_IsTheMeanOfMinusLogProbabilities()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(s_logits).reshape(3, 3);
        var target = tensor(new[] { 2L, 255, 0 });
        double first = -LogSoftmax(0)[2], third = -LogSoftmax(2)[0];
        Near((first + third) / 2, nn.functional.cross_entropy(logits, target, ignore_index: 255));
        Near(first + third, nn.functional.cross_entropy(logits, target, ignore_index: 255, reduction: nn.Reduction.Sum));
        TensorAssert.Equal([first, 0, third], nn.functional.cross_entropy(logits, target, ignore_index: 255, reduction: nn.Reduction.None), 1e-14);
    }

    [Fact]
    public void CrossEntropy_WithWeights_DividesByTheirSum()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(s_logits).reshape(3, 3);
        var target = tensor(new[] { 2L, 1, 0 });
        double[] weights = [3, 1, 0.5];
        double expected = -(0.5 * LogSoftmax(0)[2] + LogSoftmax(1)[1] + 3 * LogSoftmax(2)[0]) / 4.5;
        Near(expected, nn.functional.cross_entropy(logits, target, tensor(weights)));
    }

    [Fact]
    public void CrossEntropy_WithSmoothing_MixesInTheUniformDistribution()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(s_logits).reshape(3, 3);
        var target = tensor(new[] { 2L, 255, 0 });
        double Smooth(int row, int label) => 0.8 * -LogSoftmax(row)[label] + 0.2 * -LogSoftmax(row).Average();
        Near((Smooth(0, 2) + Smooth(2, 0)) / 2, nn.functional.cross_entropy(logits, target, ignore_index: 255, label_smoothing: 0.2));
    }

    [Fact]
    public void CrossEntropy_OfImages_TakesClassesFromDimensionOne()
    {
        using var scope = NewDisposeScope();
        var image = tensor(s_logits).reshape(3, 3).transpose(0, 1).reshape(1, 3, 1, 3);
        var target = tensor(new[] { 2L, 1, 0 });
        using var flat = nn.functional.cross_entropy(tensor(s_logits).reshape(3, 3), target);
        Near(flat.item<double>(), nn.functional.cross_entropy(image, target.reshape(1, 1, 3)));
    }

    [Fact]
    public void CrossEntropy_OfIgnoredPixelsAlone_IsNotANumber()
    {
        using var scope = NewDisposeScope();
        var loss = nn.functional.cross_entropy(zeros(2, 3), tensor(new[] { 255L, 255 }), ignore_index: 255);
        Assert.True(float.IsNaN(loss.item<float>()));
    }

    [Fact]
    public void CrossEntropy_OfATargetBeyondTheClasses_IsAnError()
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsAny<System.Runtime.InteropServices.ExternalException>(
            () => nn.functional.cross_entropy(zeros(1, 3), tensor(new[] { 3L })));
        Assert.Contains("Target 3 is out of bounds", error.Message);
    }

    [Fact]
    public void OtherLosses_AreTheirFormulas()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (tensor(new[] { 0.5, -2 }), tensor(new[] { 1.0, 0 }));
        Near((0.25 + 4) / 2, nn.functional.mse_loss(x, y));
        Near((0.125 + 1.5) / 2, nn.functional.smooth_l1_loss(x, y));
        Near((Math.Log(1 + Math.Exp(-0.5)) + Math.Log(1 + Math.Exp(-2))) / 2, nn.functional.binary_cross_entropy_with_logits(x, y));
        Near(-(Math.Log(0.25) + Math.Log(0.5)) / 2, nn.functional.binary_cross_entropy(tensor(new[] { 0.25, 0.5 }), tensor(new[] { 1.0, 0 })));
    }

    [Fact]
    public void Interpolate_Bilinear_ReadsBetweenPixelCentres()
    {
        using var scope = NewDisposeScope();
        var image = arange(12).to_type(ScalarType.Float64).mul(1.3).sin().reshape(1, 1, 3, 4);
        double[] x = TensorAssert.Values(image);
        foreach (var (height, width) in new[] { (6, 8), (5, 3), (2, 9) })
        {
            var expected = new List<double>();
            for (int row = 0; row < height; row++)
                for (int column = 0; column < width; column++)
                {
                    double r = Math.Max(0, (row + 0.5) * 3 / height - 0.5), c = Math.Max(0, (column + 0.5) * 4 / width - 0.5);
                    int top = (int)r, left = (int)c, bottom = Math.Min(top + 1, 2), right = Math.Min(left + 1, 3);
                    double down = r - top, across = c - left;
                    expected.Add(
                        (x[top * 4 + left] * (1 - across) + x[top * 4 + right] * across) * (1 - down) +
                        (x[bottom * 4 + left] * (1 - across) + x[bottom * 4 + right] * across) * down);
                }
            var found = nn.functional.interpolate(image, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
            TensorAssert.Equal([1, 1, height, width], [.. expected], found, 1e-14);
        }
    }

    [Fact]
    public void Interpolate_Nearest_AndByAFactor()
    {
        using var scope = NewDisposeScope();
        var image = arange(4).@float().reshape(1, 1, 2, 2);
        TensorAssert.Equal([1, 1, 4, 4], [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3], nn.functional.interpolate(image, [4, 4]));
        Assert.Equal([1L, 1L, 4L, 6L], nn.functional.interpolate(image, scale_factor: [2.0, 3.0]).shape);
        TensorAssert.Equal(
            [0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3],
            nn.functional.interpolate(image, [3, 3], mode: InterpolationMode.Bilinear, align_corners: true));
    }

    [Fact]
    public void Pad_AddsFromTheLastDimensionOn()
    {
        using var scope = NewDisposeScope();
        var image = arange(4).@float().reshape(1, 2, 2);
        TensorAssert.Equal([1, 3, 4], [9, 0, 1, 9, 9, 2, 3, 9, 9, 9, 9, 9], nn.functional.pad(image, [1, 1, 0, 1], value: 9));
        TensorAssert.Equal([1, 2, 1], [0, 2], nn.functional.pad(image, [0, -1]));
    }

    [Fact]
    public void Pools_TakeTheMeanAndTheMaximum()
    {
        using var scope = NewDisposeScope();
        var image = arange(16).@float().reshape(1, 1, 4, 4);
        TensorAssert.Equal([1, 1, 2, 2], [2.5, 4.5, 10.5, 12.5], nn.functional.avg_pool2d(image, 2));
        TensorAssert.Equal([1, 1, 2, 2], [5, 7, 13, 15], nn.functional.max_pool2d(image, 2));
        TensorAssert.Equal([1, 1, 1, 1], [7.5], nn.functional.adaptive_avg_pool2d(image, 1));
    }

    [Fact]
    public void Softmax_OfLargeNumbers_DoesNotOverflow()
    {
        using var scope = NewDisposeScope();
        TensorAssert.Equal([0.5, 0.5, 0], nn.functional.softmax(tensor(new[] { 1e4, 1e4, -1e4 }), 0));
        TensorAssert.Equal([0, 1, 0, 1, 0, 0], nn.functional.one_hot(tensor(new[] { 1L, 0 }), 3));
    }

    private static double[] LogSoftmax(int row)
    {
        double[] logits = s_logits[(3 * row)..(3 * row + 3)];
        double total = Math.Log(logits.Sum(Math.Exp));
        return [.. logits.Select(logit => logit - total)];
    }

    private static void Near(double expected, Tensor found) => Assert.Equal(expected, found.item<double>(), 1e-13);
}
