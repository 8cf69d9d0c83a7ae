using System.Runtime.InteropServices;

namespace SamSegmentation.ML.Modeling;

/// <summary>The C library's allocator, from which libtorch takes its tensors' memory on the CPU.</summary>
public static class NativeAllocator
{
    // glibc's malloc.h.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;

    // What a small network leaves behind is not worth returning.
    private const long MuchMemory = 16 << 20;

    private static readonly Lazy<bool> s_kept = new(SetOptions);
    private static readonly Lazy<MallocTrim?> s_trim = new(() => Find<MallocTrim>("malloc_trim"));
    private static int s_lastThread;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Mallopt(int option, int value);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int MallocTrim(nuint pad);

    /// <summary>
    /// Tells glibc, once per process, to keep freed memory instead of giving it back to the system. An encoder's
    /// activations are tens of megabytes each; taken fresh from the system every time, their pages are zeroed and
    /// mapped anew, which costs several times the arithmetic. Does nothing where the C library is not glibc.
    /// </summary>
    /// <remarks>
    /// The process's memory then stays at its peak until it ends. glibc keeps what a thread has freed for that thread and a few
    /// others: an encoder that runs on another thread than last time first gives back what is kept, so that a server's many
    /// threads do not each keep as much.
    /// </remarks>
    public static void KeepFreedMemory() => _ = s_kept.Value;

    /// <summary>
    /// To be called before work that takes much memory: keeps what it will free for the next time, and gives back what such
    /// work has left behind on another thread.
    /// </summary>
    /// <param name="bytes">The size of the largest tensor.</param>
    internal static void PrepareFor(long bytes)
    {
        KeepFreedMemory();
        if (bytes < MuchMemory || !s_kept.Value)
            return;
        var thread = Environment.CurrentManagedThreadId;
        var last = Interlocked.Exchange(ref s_lastThread, thread);
        if (last != 0 && last != thread)
            s_trim.Value?.Invoke(0);
    }

    private static bool SetOptions()
    {
        // No block of its own for a large tensor, never trim, and grow in steps of 64 MiB.
        return Find<Mallopt>("mallopt") is { } mallopt
            && (mallopt(MmapMax, 0) & mallopt(TrimThreshold, -1) & mallopt(TopPad, 64 << 20)) == 1;
    }

    // musl, Windows and macOS have neither of the functions.
    private static T? Find<T>(string name)
        where T : Delegate =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, name, out var address)
            ? Marshal.GetDelegateForFunctionPointer<T>(address)
            : null;
}
