using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Golden;

/// <summary>How far a tensor is from another.</summary>
internal static class GoldenError
{
    /// <summary>‖actual − expected‖ / ‖expected‖, in float64.</summary>
    public static double Relative(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        var reference = expected.to(ScalarType.Float64);
        return ((actual.detach().to(ScalarType.Float64) - reference).norm() / reference.norm()).item<double>();
    }
}
