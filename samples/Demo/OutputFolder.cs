namespace SamSegmentation.Demo;

/// <summary>The folder that a run writes into: one of its own, so that an earlier run's files are never touched.</summary>
public static class OutputFolder
{
    /// <summary>A name that is free: the wanted one, or the next of <c>wanted-2</c>, <c>wanted-3</c>, …</summary>
    public static string Free(string wanted) =>
        Enumerable.Range(1, int.MaxValue)
            .Select(number => number == 1 ? wanted : $"{wanted}-{number}")
            .First(folder => !Path.Exists(folder));

    /// <summary>Checks that the folder is new or empty.</summary>
    /// <exception cref="IOException">It holds something.</exception>
    public static void MustBeEmpty(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new IOException($"{folder} is not empty; the demo writes into a folder of its own");
    }
}
