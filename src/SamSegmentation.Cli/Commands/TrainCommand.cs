using System.CommandLine;
using SamSegmentation.Cli.CommandLine;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Data;
using SamSegmentation.Cli.Networks;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;
using SamSegmentation.Cli.Training;
using SamSegmentation.ML.Training;

namespace SamSegmentation.Cli.Commands;

/// <summary><c>samseg train</c>: fine-tunes a network.</summary>
internal static class TrainCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="output">What it speaks to.</param>
    public static Command Create(CommandOutput output)
    {
        var command = new Command("train", "Fine-tune SAM on PASCAL VOC or on folders of images and masks.");
        var options = new SettingsOptions(command, SamSegKnobs.OfTrain);
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = options.Read(parsed);
            DatasetOpening.Check(loaded);
            var training = TrainingSetup.Options(loaded, DateTimeOffset.Now);
            var result = await output.Display.ShowAsync(() => Train(loaded, training, output, cancellation));
            output.Results.Write(TrainingSummary.Render(result, training));
            if (!result.Cancelled)
                return ExitCode.Done;
            output.Warn($"cancelled after {result.Steps} step(s)");
            return ExitCode.Cancelled;
        });
        return command;
    }

    private static TrainingResult Train(
        LoadedSettings<SamSegSettings> loaded, TrainingOptions options, CommandOutput output, CancellationToken cancellation)
    {
        var (data, display) = (loaded.Settings.Dataset, output.Display);
        foreach (var note in loaded.Notes)
            display.Line(note);
        Machine.Prepare(loaded);
        var classes = DatasetOpening.Classes(data);
        using var start = StartingNetwork.Create(loaded, classes);
        display.Line($"network     {start.Description}");
        var training = DatasetOpening.Training(data, classes, display, cancellation);
        display.Line($"training    {SkippedSamples.Count(training)}");
        var validation = DatasetOpening.Validation(data, classes, display, cancellation);
        display.Line($"validation  {(validation is null ? "none" : SkippedSamples.Count(validation))}");
        SkippedSamples.Warn(output, training);
        SkippedSamples.Warn(output, validation);
        if (options.Trained == TrainedParts.DecoderAndAdapters)
            display.Line($"adapters    {Adapters.Describe(options.Adapters)}");
        display.Line($"cached      {DescribeCache(options)}");
        display.Line($"run folder  {options.RunFolder}");
        try
        {
            return new SegmentationTrainer(start.Network, classes.Names, options)
                .Train(training.Read(), validation?.Read(), new TrainingReport(display, output.Warn), cancellation);
        }
        catch (InvalidTrainingOptionsException bad)
        {
            // Only the network tells whether the names of its parts are right.
            throw TrainingSetup.Refused(loaded, bad);
        }
    }

    private static string DescribeCache(TrainingOptions options)
    {
        var views = options.Augmentation.Views > 1 ? $", of {options.Augmentation.Views} views of each image" : "";
        return options.DecideCachedInputs() switch
        {
            CachedInputs.Embeddings => $"embeddings of the frozen encoder{views}",
            CachedInputs.BlockInputs => $"what enters block {options.Adapters.FirstBlock} of the encoder, which runs from there in every step{views}",
            _ => "resized images; the encoder runs in every step",
        };
    }
}
