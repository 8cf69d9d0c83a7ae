using System.CommandLine;
using SamSegmentation.Cli.CommandLine;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Data;
using SamSegmentation.Cli.Inspection;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;
using SamSegmentation.ML.Datasets;

namespace SamSegmentation.Cli.Commands;

/// <summary><c>samseg inspect dataset</c>: what a dataset holds, and what is wrong with it.</summary>
internal static class InspectDatasetCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="output">What it speaks to.</param>
    public static Command Create(CommandOutput output)
    {
        var json = new Option<bool>("--json") { Description = "Write one JSON object." };
        var command = new Command("dataset", "Show a dataset's sizes, class frequencies and every sample that cannot be used.") { json };
        var options = new SettingsOptions(command, SamSegKnobs.OfInspectDataset);
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = options.Read(parsed);
            DatasetOpening.Check(loaded);
            var isJson = parsed.GetValue(json);
            var told = isJson ? output.ForPrograms() : output;
            var reports = await told.Display.ShowAsync(() => Inspect(loaded, told, cancellation));
            foreach (var problem in reports.SelectMany(report => report.Problems))
                told.Warn($"cannot be used: {problem}");
            if (isJson)
                output.Results.WriteLine(DatasetJson.Render(reports));
            else
                output.Results.Write(string.Join(Environment.NewLine, reports.Select(DatasetText.Render)));
            return reports.Any(report => report.Problems.Count > 0) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static IReadOnlyList<DatasetReport> Inspect(
        LoadedSettings<SamSegSettings> loaded, CommandOutput output, CancellationToken cancellation)
    {
        // All that is bad is wanted, however much it is.
        var data = loaded.Settings.Dataset with { BadSamples = BadSamplePolicy.Skip, MaxSkipped = 1 };
        var classes = DatasetOpening.Classes(data);
        var reports = new List<DatasetReport> { Report("training", DatasetOpening.Training(data, classes, output.Display, cancellation)) };
        if (DatasetOpening.Validation(data, classes, output.Display, cancellation) is { } validation)
            reports.Add(Report("validation", validation));
        return reports;

        DatasetReport Report(string name, SegmentationDataset dataset) => DatasetReport.Of(
            name, dataset, done => output.Display.Progress($"reading {name} masks", done, dataset.Samples.Count), cancellation);
    }
}
