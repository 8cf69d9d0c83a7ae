using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling;

/// <summary>How a loss changes with a tensor, by differences; and the gradient that backward left there.</summary>
internal static class Slope
{
    /// <summary>(L(w + εd) − L(w − εd)) / 2ε.</summary>
    public static double ByDifference(Func<Tensor> loss, Tensor value, Tensor direction, double step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var start = value.detach().clone();
        value.copy_(start + direction * step);
        var above = loss().item<double>();
        value.copy_(start - direction * step);
        var below = loss().item<double>();
        value.copy_(start);
        return (above - below) / (2 * step);
    }

    /// <summary>Reads <c>grad</c> where it is a property, as in newer versions of TorchSharp.</summary>
    public static Tensor? Read(Tensor? gradient) => gradient;

    /// <summary>Reads <c>grad</c> where it is a method, as in older ones.</summary>
    public static Tensor? Read(Func<Tensor?> gradient) => gradient();
}
