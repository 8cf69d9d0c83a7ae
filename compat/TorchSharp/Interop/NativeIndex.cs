using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>One part of an index expression as the native library lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeIndex
{
    internal const int HasStart = 1;
    internal const int HasStop = 2;
    internal const int HasStep = 4;

    internal IndexKind Kind;
    internal int Given;
    internal long Start;
    internal long Stop;
    internal long Step;
    internal nint Tensor;
}
