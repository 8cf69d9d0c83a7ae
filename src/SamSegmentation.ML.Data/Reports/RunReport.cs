using SamSegmentation.ML.IO;
using SamSegmentation.ML.Reports.Images;
using SamSegmentation.ML.Reports.Runs;

namespace SamSegmentation.ML.Reports;

/// <summary>
/// A training run as a page: curves, a table of the classes, the confusion matrix, the worst and the best validation
/// images, the options. The page is one file that needs nothing else to be shown.
/// </summary>
public static class RunReport
{
    /// <summary>The file's name within a run folder.</summary>
    public const string FileName = RunFiles.Report;

    /// <summary>Makes the page from the log and the images of a run, which may still go on or have been killed.</summary>
    /// <param name="runFolder">The run's folder, with its <c>log.jsonl</c>.</param>
    /// <param name="path">Where it is written, in one step; null for <see cref="FileName"/> in the folder.</param>
    /// <returns>The page's file.</returns>
    /// <exception cref="InvalidDataException">A file of the run does not hold what it should.</exception>
    /// <exception cref="IOException">There is no run in the folder, or a file cannot be read or written.</exception>
    public static string Write(string runFolder, string? path = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(runFolder);
        var log = Path.Combine(runFolder, RunFiles.Log);
        if (!File.Exists(log))
            throw new FileNotFoundException($"There is no run in '{runFolder}': expected its log '{log}', found none.", log);
        var images = Path.Combine(runFolder, RunFiles.Images);
        var page = RunPage.Render(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(runFolder))),
            RunRecordReader.Read(log),
            File.Exists(images) ? ReportImages.Read(images) : null);
        path ??= Path.Combine(runFolder, RunFiles.Report);
        AtomicFile.Write(path, page);
        return path;
    }
}
