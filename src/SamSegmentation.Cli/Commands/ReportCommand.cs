using System.CommandLine;
using SamSegmentation.ML.Reports;

namespace SamSegmentation.Cli.Commands;

/// <summary><c>samseg report</c>: makes a run's page anew, of what it has logged until now.</summary>
internal static class ReportCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="output">What it speaks to.</param>
    public static Command Create(CommandOutput output)
    {
        var folder = new Argument<string>("run-folder") { Description = "The folder of a run that has ended, goes on, or was killed." };
        var file = new Option<string?>("--output") { Description = $"The page's file; none is {RunReport.FileName} in the run's folder.", HelpName = "FILE" };
        var command = new Command("report", "Write a training run as one HTML page: curves, classes, confusion, images, options.") { folder, file };
        command.SetAction((parsed, _) =>
        {
            output.Results.WriteLine(RunReport.Write(parsed.GetRequiredValue(folder), parsed.GetValue(file)));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
