using SamSegmentation.ML.Tests.Golden;
using Xunit;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>
/// Golden files by name: of the folder that GOLDEN_DIR names, and where that lacks one or is not set, of the folder
/// beside the checkout.
/// </summary>
internal static class GoldenFile
{
    /// <summary>The file's path; the test is skipped where there is none.</summary>
    public static string Path(string name)
    {
        var path = GoldenFolder.All().Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is neither in GOLDEN_DIR nor beside the checkout (../shared/golden).");
        return path!;
    }
}
