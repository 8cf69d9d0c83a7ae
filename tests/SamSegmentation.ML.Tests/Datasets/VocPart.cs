using Xunit;

namespace SamSegmentation.ML.Tests.Datasets;

/// <summary>
/// A part of PASCAL VOC 2012: the folder that <c>VOC_DIR</c> names, or the one beside the checkout. Tests that need it
/// are skipped where there is none.
/// </summary>
public static class VocPart
{
    /// <summary>A VOC2012 folder.</summary>
    public static string Root()
    {
        foreach (string folder in Folders())
        {
            foreach (string root in new[] { folder, Path.Combine(folder, "VOC2012"), Path.Combine(folder, "VOCdevkit", "VOC2012") })
            {
                if (Directory.Exists(Path.Combine(root, "JPEGImages")))
                {
                    return root;
                }
            }
        }

        Assert.Skip("PASCAL VOC 2012 is neither in VOC_DIR nor beside the checkout (../shared/voc).");
        return "";
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("VOC_DIR") is { Length: > 0 } named)
        {
            yield return named;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SamSegmentation.ML.sln")) && folder.Parent is { } outside)
            {
                yield return Path.Combine(outside.FullName, "shared", "voc");
            }
        }
    }
}
