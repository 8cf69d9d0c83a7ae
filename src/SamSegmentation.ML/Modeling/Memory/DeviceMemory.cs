using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Memory;

/// <summary>What is known of a device's memory: that it ran out, and how many images a device likes to take at once.</summary>
internal static class DeviceMemory
{
    // Enough to fill a GPU's multiprocessors with ViT-B at 1024²: a guess, since none was at hand.
    private const int ImagesOnGpu = 8;

    // libtorch knows the kind of its error (OutOfMemoryError), TorchSharp passes on the text alone. CUDA's allocator says "CUDA out of
    // memory. Tried to allocate …", and CUDA itself "CUDA error: out of memory"; before either, the allocator has given its unused blocks
    // back and tried again (c10/cuda/CUDACachingAllocator.cpp, malloc), so that nothing is left to be emptied here. The processor's says
    // "DefaultCPUAllocator: can't allocate memory: you tried to allocate …", or "not enough memory" on Windows (c10/core/impl/alloc_cpu.cpp).
    private static readonly string[] s_signs = ["out of memory", "DefaultCPUAllocator: ", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED"];

    /// <summary>Whether an error says that a device has no memory left.</summary>
    internal static bool IsExhausted(ExternalException error) => s_signs.Any(sign => error.Message.Contains(sign, StringComparison.Ordinal));

    /// <summary>What such an error says, without libtorch's own stack below it.</summary>
    internal static string Reason(ExternalException error) => error.Message.Split('\n')[0].Trim();

    /// <summary>Images that go through the network at once where nobody said how many: one on the CPU, which is as fast as more.</summary>
    internal static int DefaultImages(Device device) => device.type == DeviceType.CPU ? 1 : ImagesOnGpu;
}
