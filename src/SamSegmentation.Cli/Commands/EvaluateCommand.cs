using System.CommandLine;
using SamSegmentation.Cli.CommandLine;
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
        var command = new Command("evaluate", "Measure a trained model: IoU of each class, mIoU and more, at each image's own size.") { json };
        var options = new SettingsOptions(command, SamSegKnobs.OfEvaluate);
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = options.Read(parsed);
            TrainedNetwork.Check(loaded);
            DatasetOpening.Check(loaded);
            var isJson = parsed.GetValue(json);
            var told = isJson ? output.ForPrograms() : output;
            var run = await told.Display.ShowAsync(() => EvaluationRun.Of(loaded, told, cancellation));
            if (isJson)
                output.Results.WriteLine(EvaluationJson.Render(run));
            else
                output.Results.Write($"{Environment.NewLine}{run.Metrics.ToTable()}");
            return ExitCode.Done;
        });
        return command;
    }
}
