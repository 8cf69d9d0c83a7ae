using System.Runtime.InteropServices;
using SamSegmentation.ML.Prediction.Logits;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Prediction;

/// <summary><see cref="LogitSquare"/> of a tensor.</summary>
internal static class TensorLogits
{
    /// <summary>Copies one image's logits out of native memory.</summary>
    /// <param name="logits">float32 [1, classes, h, w] on any device.</param>
    public static LogitSquare Of(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var values = MemoryMarshal.Cast<byte, float>(logits.cpu().contiguous().bytes).ToArray();
        return new LogitSquare(values, (int)logits.shape[1], (int)logits.shape[2], (int)logits.shape[3]);
    }
}
