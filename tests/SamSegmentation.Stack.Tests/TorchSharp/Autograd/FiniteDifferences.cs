using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Autograd;

/// <summary>Checks gradients against differences of values.</summary>
public static class FiniteDifferences
{
    private const double Step = 1e-5;

    /// <summary>
    /// The gradient of a weighted sum of the function's elements, with respect to each input, is that of central
    /// differences. The inputs must be float64, and the function smooth around them.
    /// </summary>
    public static void Check(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        var leaves = inputs.Select(input => input.detach().clone().requires_grad_(true)).ToArray();
        var output = function(leaves);
        // Weights that differ, so that errors of single elements cannot cancel.
        var weights = arange(output.numel()).to_type(ScalarType.Float64).mul(0.37).cos().reshape(output.shape);
        (output * weights).sum().backward();

        for (int n = 0; n < leaves.Length; n++)
        {
            var gradient = Gradient.Of(leaves[n].grad);
            Assert.NotNull(gradient);
            Assert.Equal(leaves[n].shape, gradient.shape);
            double[] found = TensorAssert.Values(gradient);
            for (int element = 0; element < found.Length; element++)
            {
                double expected = (Value(n, element, Step) - Value(n, element, -Step)) / (2 * Step);
                Assert.True(
                    Math.Abs(expected - found[element]) <= 1e-6 * (1 + Math.Abs(expected)),
                    $"input {n}, element {element}: by differences {expected:R}, by autograd {found[element]:R}");
            }
        }

        double Value(int moved, int element, double by)
        {
            using var inner = NewDisposeScope();
            using var mode = no_grad();
            var point = inputs.Select(input => input.detach().clone()).ToArray();
            var flat = point[moved].view(-1);
            flat[element] = flat[element] + by;
            return (function(point) * weights).sum().item<double>();
        }
    }
}
