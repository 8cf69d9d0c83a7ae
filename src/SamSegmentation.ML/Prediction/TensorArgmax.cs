using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Prediction;

/// <summary><see cref="PixelArgmax"/> of a tensor.</summary>
internal static class TensorArgmax
{
    /// <summary>The classes of one image's logits.</summary>
    /// <param name="logits">float32 [1, classes, H, W] on any device.</param>
    /// <returns>H × W ids, row by row.</returns>
    public static ushort[] Of(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var planes = logits.cpu().contiguous();
        var ids = new ushort[planes.shape[2] * planes.shape[3]];
        var best = new float[ids.Length];
        PixelArgmax.Update(MemoryMarshal.Cast<byte, float>(planes.bytes), 0, best, ids);
        return ids;
    }
}
