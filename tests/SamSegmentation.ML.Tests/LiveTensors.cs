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

    /// <summary>
    /// Whether the stack's counter is right where parameters are made. TorchSharp's own is not: the tensor that a
    /// <see cref="TorchSharp.Modules.Parameter"/> takes over stays counted for good (its <c>MoveHandle</c> does not count
    /// down), although the memory goes with the parameter. compat's counts it down.
    /// </summary>
    public static bool CountsParameters { get; } = ParameterLeavesNothing();

    /// <summary>
    /// Asserts that as many tensors are alive as before something that also made modules. Where the counter is wrong for
    /// parameters it says nothing, and nothing is asserted.
    /// </summary>
    public static void AssertAsMany(long expected)
    {
        var found = Count();
        if (CountsParameters)
            Assert.Equal(expected, found);
    }

    private static bool ParameterLeavesNothing()
    {
        var before = Tensor.TotalCount;
        new TorchSharp.Modules.Parameter(zeros(1)).Dispose();
        return Tensor.TotalCount == before;
    }
}
