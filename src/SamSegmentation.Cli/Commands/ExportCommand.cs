using System.CommandLine;
using System.Globalization;
using SamSegmentation.Cli.CommandLine;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Networks;
using SamSegmentation.Cli.Settings.Knobs;
using SamSegmentation.ML;
using SamSegmentation.ML.Onnx;
using TorchSharp;

namespace SamSegmentation.Cli.Commands;

/// <summary><c>samseg export</c>: writes a trained model as an ONNX file.</summary>
internal static class ExportCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="output">What it speaks to.</param>
    public static Command Create(CommandOutput output)
    {
        var file = new Option<string>("--output") { Description = "The ONNX file that is written.", HelpName = "FILE", DefaultValueFactory = _ => "model.onnx" };
        var form = Choice("--form", OnnxForm.Complete, "What it holds: all from pixels to class ids, encoder and head together, or one of them.");
        var precision = Choice("--precision", OnnxPrecision.Float32, "How it stores weights; float16 halves the file.");
        var height = PositiveOption.Create("--height", "Height of the images that the complete form takes, in pixels; the side of the network's input if it is not given.");
        var width = PositiveOption.Create("--width", "Width of those images in pixels.");
        var probabilities = new Option<bool>("--probabilities") { Description = "Let the complete form give the probabilities of all classes too." };
        var command = new Command("export", "Write a trained model as one ONNX file, for programs without libtorch.") { file, form, precision, height, width, probabilities };
        var options = new SettingsOptions(command, SamSegKnobs.OfExport);
        command.SetAction(async (parsed, _) =>
        {
            var loaded = options.Read(parsed);
            TrainedNetwork.Check(loaded);
            var wanted = new OnnxExportOptions
            {
                Form = Enum.Parse<OnnxForm>(parsed.GetRequiredValue(form), ignoreCase: true),
                Precision = Enum.Parse<OnnxPrecision>(parsed.GetRequiredValue(precision), ignoreCase: true),
                Height = parsed.GetValue(height),
                Width = parsed.GetValue(width),
                Probabilities = parsed.GetValue(probabilities),
            };
            Check(wanted.FindFaults());
            var path = parsed.GetRequiredValue(file);
            var result = await output.Display.ShowAsync(() =>
            {
                using var model = TrainedNetwork.Load(loaded.Settings.Model, torch.CPU, output.Display);
                Check(wanted.FindFaults(model.Network.Classes, model.Network.Config.ImageSize));
                return OnnxExporter.Export(model.Network, model.Info, path, wanted);
            });
            foreach (var tensor in result.Inputs)
                output.Results.WriteLine($"input       {tensor}");
            foreach (var tensor in result.Outputs)
                output.Results.WriteLine($"output      {tensor}");
            output.Results.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}  {result.Bytes:N0} bytes"));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Check(IReadOnlyList<OptionFault> faults)
    {
        if (faults.Count > 0)
            throw new ConfigurationException([.. faults.Select(fault => new ConfigProblem($"--{fault.Option.ToLowerInvariant()}", "", fault.Reason))]);
    }

    private static Option<string> Choice<T>(string name, T standard, string description)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(choice => choice.ToLowerInvariant()).ToList();
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', names), DefaultValueFactory = _ => standard.ToString().ToLowerInvariant() };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is var found && !names.Contains(found!))
                result.AddError($"{name}: expected one of {string.Join(", ", names)}{Spelling.DidYouMean(found!, names)}, found '{found}'");
        });
        return option;
    }
}
