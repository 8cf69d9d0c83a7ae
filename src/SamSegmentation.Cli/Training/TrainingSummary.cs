using System.Globalization;
using System.Text;
using SamSegmentation.ML.Training;

namespace SamSegmentation.Cli.Training;

/// <summary>What is said at the end of a run.</summary>
internal static class TrainingSummary
{
    /// <summary>The table of the epoch whose weights the network ended with, and where the files are.</summary>
    /// <param name="result">What the run came to.</param>
    /// <param name="options">How it was trained.</param>
    public static string Render(TrainingResult result, TrainingOptions options)
    {
        var text = new StringBuilder();
        if (result.Epochs.Count > 0)
            AppendTable(text, result, options);
        text.AppendLine($"run folder {options.RunFolder}");
        foreach (var (path, bytes) in Files(options.RunFolder!))
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"  {path}  {bytes:N0} bytes"));
        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, TrainingResult result, TrainingOptions options)
    {
        var best = options.KeepBest && !result.Cancelled ? result.Epochs.FirstOrDefault(epoch => epoch.Epoch == result.BestEpoch) : null;
        var epoch = best ?? result.Epochs[^1];
        var (name, metrics) = epoch.Validation is { } validation ? ("validation", validation) : ("training", epoch.Training);
        if (metrics is null)
            return;
        text.AppendLine();
        text.AppendLine($"epoch {epoch.Epoch}{(best is null ? "" : ", the best")}: {name}");
        text.AppendLine(metrics.ToTable());
    }

    private static IEnumerable<(string Path, long Bytes)> Files(string folder) =>
        from file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
        orderby file.FullName
        select (Path.GetRelativePath(folder, file.FullName), file.Length);
}
