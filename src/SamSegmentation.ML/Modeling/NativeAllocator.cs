using System.Runtime.InteropServices;

namespace SamSegmentation.ML.Modeling;

/// <summary>The C library's allocator, from which libtorch takes its tensors' memory on the CPU.</summary>
public static class NativeAllocator
{
    // glibc's malloc.h.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;

    private static readonly Lazy<bool> s_kept = new(SetOptions);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Mallopt(int option, int value);

    /// <summary>
    /// Tells glibc, once per process, to keep freed memory instead of giving it back to the system. An encoder's
    /// activations are tens of megabytes each; taken fresh from the system every time, their pages are zeroed and
    /// mapped anew, which costs several times the arithmetic. Does nothing where the C library is not glibc.
    /// </summary>
    /// <remarks>The process's memory then stays at its peak until it ends.</remarks>
    public static void KeepFreedMemory() => _ = s_kept.Value;

    private static bool SetOptions()
    {
        // musl, Windows and macOS have no mallopt.
        if (!OperatingSystem.IsLinux()
            || !NativeLibrary.TryLoad("libc.so.6", out var library)
            || !NativeLibrary.TryGetExport(library, "mallopt", out var address))
        {
            return false;
        }
        var mallopt = Marshal.GetDelegateForFunctionPointer<Mallopt>(address);
        // No block of its own for a large tensor, never trim, and grow in steps of 64 MiB.
        return (mallopt(MmapMax, 0) & mallopt(TrimThreshold, -1) & mallopt(TopPad, 64 << 20)) == 1;
    }
}
