using System.Runtime.InteropServices;
using TorchSharp;
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
        if (logits.device.type != DeviceType.CPU)
            return FoundThere(logits);
        using var scope = NewDisposeScope();
        var planes = logits.contiguous();
        var ids = new ushort[planes.shape[2] * planes.shape[3]];
        var best = new float[ids.Length];
        PixelArgmax.Update(MemoryMarshal.Cast<byte, float>(planes.bytes), 0, best, ids);
        return ids;
    }

    /// <summary>The same by the logits' own device: two bytes a pixel come from there, not four for each class.</summary>
    internal static ushort[] FoundThere(Tensor logits)
    {
        using var scope = NewDisposeScope();
        // torch has no unsigned 16-bit integers; the bits of ids from 32768 on are the same.
        var ids = logits.argmax(1).to(ScalarType.Int16).cpu().contiguous();
        return MemoryMarshal.Cast<byte, ushort>(ids.bytes).ToArray();
    }
}
