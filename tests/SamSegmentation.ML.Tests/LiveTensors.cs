using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests;

/// <summary>
/// Counts the process's live tensors. The count is one for all threads, so that a test which reads it belongs to the
/// collection of this name, whose tests run while no others do.
/// </summary>
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class LiveTensors
{
    /// <summary>The collection's name.</summary>
    public const string Alone = "live tensors";

    /// <summary>The number of tensors that are alive after every unreachable one is gone.</summary>
    public static long Count()
    {
        // What earlier tests left to the finaliser must not leave the count between two readings of it.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
