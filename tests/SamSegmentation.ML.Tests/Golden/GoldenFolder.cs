namespace SamSegmentation.ML.Tests.Golden;

/// <summary>Where golden data may lie.</summary>
internal static class GoldenFolder
{
    /// <summary>The folder that GOLDEN_DIR names, null when it is not set.</summary>
    public static string? Named =>
        Environment.GetEnvironmentVariable("GOLDEN_DIR") is { Length: > 0 } named ? named : null;

    /// <summary>The folder beside the checkout (<c>../shared/golden</c>), whether it exists or not.</summary>
    public static IEnumerable<string> BesideTheCheckout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SamSegmentation.ML.sln")) && folder.Parent is { } outside)
                yield return Path.Combine(outside.FullName, "shared", "golden");
        }
    }

    /// <summary>GOLDEN_DIR first, then the folder beside the checkout: for data that GOLDEN_DIR may lack.</summary>
    public static IEnumerable<string> All() => Named is { } named ? BesideTheCheckout().Prepend(named) : BesideTheCheckout();
}
