using SamSegmentation.Cli.Commands;
using SamSegmentation.ML.Datasets;

namespace SamSegmentation.Cli.Data;

/// <summary>Tells the user which samples of a dataset were left out.</summary>
internal static class SkippedSamples
{
    /// <summary>Writes each as a warning.</summary>
    /// <param name="output">Takes the warnings.</param>
    /// <param name="dataset">The dataset; null for none.</param>
    public static void Warn(CommandOutput output, SegmentationDataset? dataset)
    {
        foreach (var problem in dataset?.Skipped ?? [])
            output.Warn($"skipped {problem}");
    }

    /// <summary>Words how many images a dataset has.</summary>
    /// <param name="dataset">The dataset.</param>
    public static string Count(SegmentationDataset dataset)
    {
        var skipped = Number(dataset.Skipped);
        return $"{dataset.Samples.Count} image(s)" + (skipped > 0 ? $", {skipped} skipped" : "");
    }

    /// <summary>How many samples problems are of; one may have several.</summary>
    /// <param name="problems">The problems.</param>
    public static int Number(IEnumerable<SampleProblem> problems) => problems.Select(problem => problem.Id).Distinct().Count();
}
