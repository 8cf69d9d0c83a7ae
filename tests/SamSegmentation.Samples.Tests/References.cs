using Microsoft.CodeAnalysis;

namespace SamSegmentation.Samples.Tests;

/// <summary>What an application that uses the library is compiled against: the framework and the assemblies beside the tests.</summary>
internal static class References
{
    public static IReadOnlyList<MetadataReference> All { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];
}
