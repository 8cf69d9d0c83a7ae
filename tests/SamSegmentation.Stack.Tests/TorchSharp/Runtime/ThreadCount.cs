using Xunit;

namespace SamSegmentation.Stack.Tests.TorchSharp.Runtime;

/// <summary>The number of threads is one for the process: tests that set or read it run while no others do.</summary>
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class ThreadCount
{
    /// <summary>The collection's name.</summary>
    public const string Alone = "thread count";
}
