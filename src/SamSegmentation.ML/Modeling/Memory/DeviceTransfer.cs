using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Memory;

/// <summary>
/// The way of tensors from the processor's memory to the network's device. To a GPU they go through page-locked memory, from
/// which it copies by itself while the processor goes on; on the CPU nothing is copied at all.
/// </summary>
/// <remarks>
/// The host's tensor may be disposed, but not written, before the copy has run: libtorch's pinned memory is not used again
/// until the stream has passed the copy (ATen/native/cuda/Copy.cu, <c>copy_kernel_cuda</c>, records an event with the caching
/// host allocator), and what computes with the result waits in the same stream. The way back, <c>cpu()</c>, waits for the data.
/// </remarks>
internal static class DeviceTransfer
{
    /// <summary>
    /// Makes a tensor ready for <see cref="ToDevice"/> where that is to take no time of the calling thread's: for the threads
    /// that read ahead.
    /// </summary>
    /// <param name="host">A tensor on the CPU, which is taken over.</param>
    /// <param name="device">Where it will go.</param>
    /// <returns>The same values on the CPU, page-locked for a GPU; in the current dispose scope if it is another tensor.</returns>
    internal static Tensor Staged(Tensor host, Device device)
    {
        if (device.type != DeviceType.CUDA)
            return host;
        using (host)
            return host.pin_memory();
    }

    /// <summary>Brings a tensor to a device.</summary>
    /// <param name="host">A contiguous tensor on the CPU, which is left as it is.</param>
    /// <param name="device">Where it goes.</param>
    /// <returns>The tensor there, of the same type, in the current dispose scope; on the CPU another reference to it.</returns>
    internal static Tensor ToDevice(Tensor host, Device device)
    {
        if (device.type != DeviceType.CUDA)
            return host.to(device);
        using var scope = NewDisposeScope();
        // Another reference to a tensor that is pinned already.
        var pinned = host.pin_memory();
        var there = empty(host.shape, dtype: host.dtype, device: device);
        there.copy_(pinned, nonBlocking: true);
        return there.MoveToOuterDisposeScope();
    }
}
