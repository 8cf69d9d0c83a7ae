using Xunit;

namespace SamSegmentation.Stack.Tests.TorchSharp.Runtime;

/// <summary>Tests that seed the process's generator, which must run while no others draw from it.</summary>
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class RandomNumbers
{
    /// <summary>The collection's name.</summary>
    public const string Alone = "random numbers";
}
