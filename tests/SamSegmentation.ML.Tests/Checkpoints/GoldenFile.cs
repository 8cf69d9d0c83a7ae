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
        var path = Folders().Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is neither in GOLDEN_DIR nor beside the checkout (../shared/golden).");
        return path!;
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("GOLDEN_DIR") is { Length: > 0 } named)
            yield return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "SamSegmentation.ML.sln")) && folder.Parent is { } outside)
                yield return System.IO.Path.Combine(outside.FullName, "shared", "golden");
        }
    }
}
