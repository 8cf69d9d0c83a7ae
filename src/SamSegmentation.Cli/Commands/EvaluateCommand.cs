using System.CommandLine;
using SamSegmentation.Cli.CommandLine;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Data;
using SamSegmentation.Cli.Evaluation;
using SamSegmentation.Cli.Networks;
using SamSegmentation.Cli.Settings.Knobs;

namespace SamSegmentation.Cli.Commands;

/// <summary><c>samseg evaluate</c>: measures a trained model on a dataset.</summary>
internal static class EvaluateCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="output">What it speaks to.</param>
    public static Command Create(CommandOutput output)
    {
        var json = new Option<bool>("--json") { Description = "Write one JSON object." };
        var report = new Option<string?>("--report") { Description = "Write an HTML page too: classes, confusion, the worst and the best images.", HelpName = "FILE" };
        var command = new Command("evaluate", "Measure a trained model: IoU of each class, mIoU and more, at each image's own size.") { json, report };
        var options = new SettingsOptions(command, SamSegKnobs.OfEvaluate);
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = options.Read(parsed);
            TrainedNetwork.Check(loaded);
            DatasetOpening.Check(loaded);
            var isJson = parsed.GetValue(json);
            var page = parsed.GetValue(report);
            if (page is null && loaded.IsTyped("run.report_images"))
                throw new ConfigurationException([loaded.Problem("run.report_images", "expected --report FILE with it, found none")]);
            var told = isJson ? output.ForPrograms() : output;
            var run = await told.Display.ShowAsync(() => EvaluationRun.Of(loaded, page, told, cancellation));
            if (isJson)
                output.Results.WriteLine(EvaluationJson.Render(run));
            else
                output.Results.Write($"{Environment.NewLine}{run.Metrics.ToTable()}");
            return ExitCode.Done;
        });
        return command;
    }
}
