using System.CommandLine;
using SamSegmentation.Cli.CommandLine;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Networks;
using SamSegmentation.Cli.Prediction;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.Cli.Commands;

/// <summary><c>samseg predict</c>: segments images with a trained model.</summary>
internal static class PredictCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="output">What it speaks to.</param>
    public static Command Create(CommandOutput output)
    {
        var images = new Argument<string[]>("images")
        {
            Description = "JPEG and PNG files, folders that are searched for them, and patterns with *, ? and **.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("predict", "Segment images of any sizes: class ids, colours and overlays as PNGs.") { images };
        var options = new SettingsOptions(command, SamSegKnobs.OfPredict);
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = options.Read(parsed);
            TrainedNetwork.Check(loaded);
            var settings = loaded.Settings;
            if (settings.Prediction is { Outputs: PredictionOutput.None, Probabilities: false })
                throw new ConfigurationException([loaded.Problem("prediction.pictures", "expected a picture to write, or prediction.probabilities, found neither")]);
            var inputs = ImageInputs.Find(parsed.GetRequiredValue(images));
            var done = await output.Display.ShowAsync(() => new PredictionRun(settings, output).Run(loaded, inputs, cancellation));
            output.Results.WriteLine($"{done} image(s) predicted: {string.Join(", ", Folders(settings.Prediction))}");
            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> Folders(PredictionSettings prediction) =>
        prediction.Pictures.Select(picture => picture.ToString().ToLowerInvariant())
            .Concat(prediction.Probabilities ? ["probabilities"] : [])
            .Distinct()
            .Select(name => Path.Combine(prediction.Output, name));
}
