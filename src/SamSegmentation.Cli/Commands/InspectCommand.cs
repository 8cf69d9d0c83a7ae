using System.CommandLine;
using SamSegmentation.Cli.Inspection;

namespace SamSegmentation.Cli.Commands;

/// <summary><c>samseg inspect</c>: what a checkpoint holds.</summary>
internal static class InspectCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="output">What it speaks to.</param>
    public static Command Create(CommandOutput output)
    {
        var file = new Argument<string>("checkpoint") { Description = "A .pth or .safetensors file." };
        var tensors = new Option<bool>("--tensors") { Description = "List every tensor." };
        var json = new Option<bool>("--json") { Description = "Write one JSON object." };
        var command = new Command("inspect", "Show what a checkpoint holds: format, tensors by part, network, classes, hash.") { file, tensors, json };
        command.Add(InspectDatasetCommand.Create(output));
        command.Add(InspectAugmentationCommand.Create(output));
        command.SetAction((parsed, _) =>
        {
            var report = InspectionReport.Of(parsed.GetRequiredValue(file));
            var everyTensor = parsed.GetValue(tensors);
            if (parsed.GetValue(json))
                output.Results.WriteLine(InspectionJson.Render(report, everyTensor));
            else
                output.Results.Write(InspectionText.Render(report, everyTensor));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
