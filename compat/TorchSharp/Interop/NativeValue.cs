using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>One argument or result of an operator as the native library lays it out.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct NativeValue
{
    [FieldOffset(0)] internal ValueKind Kind;
    [FieldOffset(4)] internal int Length;
    [FieldOffset(8)] internal long Integer;
    [FieldOffset(8)] internal double Double;
    [FieldOffset(8)] internal nint Pointer;
}
