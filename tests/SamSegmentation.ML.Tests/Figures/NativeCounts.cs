using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Figures;

/// <summary>
/// What libtorch took of memory and multiplied, counted by compat's native library, gradients included. The process is
/// counted, so that tests which ask belong to the collection <see cref="LiveTensors.Alone"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeCounts
{
    private const string Library = "TorchSharpCompat";

    /// <summary>Multiplications and additions of BLAS's matrix products.</summary>
    public readonly long Operations;

    /// <summary>Blocks of memory that tensors took: one a tensor, but none for views.</summary>
    public readonly long Blocks;

    /// <summary>Their bytes.</summary>
    public readonly long Bytes;

    /// <summary>The most bytes of them that were in use at once.</summary>
    public readonly long Peak;

    /// <summary>
    /// Counts what something takes, on one thread, since some of libtorch's operators take memory for each, and with
    /// convolutions as BLAS's products.
    /// </summary>
    public static NativeCounts Of(Action work)
    {
        Assert.SkipUnless(
            NativeLibrary.TryLoad(Library, typeof(NativeCounts).Assembly, null, out _),
            "Only compat's native library counts memory and products; TorchSharp's does not.");
        var threads = get_num_threads();
        set_num_threads(1);
        try
        {
            if (Begin() != 0)
                throw new InvalidOperationException("The native library could not begin to count.");
            NativeCounts counts;
            try
            {
                work();
            }
            finally
            {
                End(out counts);
            }
            return counts;
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [DllImport(Library, EntryPoint = "tsc_count_begin")]
    private static extern int Begin();

    [DllImport(Library, EntryPoint = "tsc_count_end")]
    private static extern void End(out NativeCounts counts);
}
