using System.Runtime.InteropServices;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling.Memory;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>Label maps as torch's losses read them.</summary>
internal static class LabelTensor
{
    private const int Ids = ushort.MaxValue + 1;

    /// <summary>
    /// Makes a tensor of a map. A byte a pixel goes to the device, or two where an id takes them, and becomes the eight that
    /// torch looks classes up by there.
    /// </summary>
    /// <param name="map">The map.</param>
    /// <param name="device">Where the tensor shall be.</param>
    /// <returns>int64 [1, height, width], in the current dispose scope.</returns>
    public static Tensor Of(LabelMap map, Device device)
    {
        using var scope = NewDisposeScope();
        long[] shape = [1, map.Height, map.Width];
        if (!map.Ids.AsSpan().ContainsAnyExceptInRange((ushort)0, (ushort)byte.MaxValue))
        {
            var bytes = tensor(Array.ConvertAll(map.Ids, id => (byte)id), shape);
            return DeviceTransfer.ToDevice(bytes, device).to(ScalarType.Int64).MoveToOuterDisposeScope();
        }
        // torch has no unsigned 16-bit integers: ids from 32768 on go as negative ones.
        var signed = tensor(MemoryMarshal.Cast<ushort, short>(map.Ids).ToArray(), shape);
        return DeviceTransfer.ToDevice(signed, device).to(ScalarType.Int64).remainder(Ids).MoveToOuterDisposeScope();
    }
}
