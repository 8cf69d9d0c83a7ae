using Microsoft.ML.OnnxRuntime.Interop;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>Where memory lies: here, the computer's own.</summary>
public sealed unsafe class OrtMemoryInfo
{
    private const int DeviceAllocator = 0, DefaultMemory = 0;

    private OrtMemoryInfo()
    {
        nint made;
        OrtApi.Check(((delegate* unmanaged<int, int, nint*, nint>)OrtApi.At(OrtFunction.CreateCpuMemoryInfo))(DeviceAllocator, DefaultMemory, &made));
        Pointer = made;
    }

    public static OrtMemoryInfo DefaultInstance { get; } = new();

    internal nint Pointer { get; }
}
