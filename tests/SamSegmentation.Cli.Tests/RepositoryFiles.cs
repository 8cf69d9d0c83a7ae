namespace SamSegmentation.Cli.Tests;

/// <summary>Files of the checkout that the tests were built in.</summary>
internal static class RepositoryFiles
{
    /// <summary>The checkout's folder: the nearest one above the test assembly that holds the solution.</summary>
    public static string Root { get; } = Find();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SamSegmentation.ML.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds SamSegmentation.ML.sln.");
    }
}
