using Xunit;

namespace SamSegmentation.Samples.Tests;

/// <summary>Tests that change the process's current folder or console, and those that would be disturbed by it.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public class WholeProcess;
