using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Everything about a tensor that has a fixed size, read in one call.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    internal long Dimensions;
    internal long Elements;
    internal long StorageOffset;
    internal int ElementSize;
    internal int ScalarType;
    internal int DeviceType;
    internal int DeviceIndex;
    internal int RequiresGrad;
    internal int IsLeaf;
    internal int IsContiguous;
    internal int IsSparse;
}
