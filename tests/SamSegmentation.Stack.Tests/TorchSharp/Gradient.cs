using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp;

/// <summary>Reads gradients of every version: <c>grad</c> is a method in old ones, a property in new ones.</summary>
public static class Gradient
{
    /// <summary>For versions where <c>grad</c> is a property.</summary>
    public static Tensor? Of(Tensor? gradient) => gradient;

    /// <summary>For versions where <c>grad</c> is a method.</summary>
    public static Tensor? Of(Func<Tensor?> gradient) => gradient();
}
