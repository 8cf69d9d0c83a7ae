namespace TorchSharp.Interop;

/// <summary>The kinds of part that an index expression has; the numbers are the native library's.</summary>
internal enum IndexKind
{
    NewAxis = 0,
    Single = 1,
    Ellipsis = 2,
    Bool = 3,
    Tensor = 4,
    Slice = 5,
}
