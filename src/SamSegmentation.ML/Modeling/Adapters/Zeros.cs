using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Adapters;

/// <summary>The start of parts whose first output must be zero.</summary>
internal static class Zeros
{
    /// <summary>Sets parameters to zero.</summary>
    public static void Fill(params ReadOnlySpan<Parameter> parameters)
    {
        // In some versions of TorchSharp an operator in place returns a further reference, which the scope takes.
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var parameter in parameters)
            parameter.zero_();
    }
}
