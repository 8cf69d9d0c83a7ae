using System.CommandLine;
using SamSegmentation.Cli.CommandLine;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Data;
using SamSegmentation.Cli.Inspection;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;
using SamSegmentation.Cli.Training;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Training.Augmentation;

namespace SamSegmentation.Cli.Commands;

/// <summary><c>samseg inspect augmentation</c>: a picture of what the settings make of training images.</summary>
internal static class InspectAugmentationCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="output">What it speaks to.</param>
    public static Command Create(CommandOutput output)
    {
        var file = new Option<string>("--output") { Description = "The PNG that is written.", HelpName = "FILE", DefaultValueFactory = _ => "augmentation.png" };
        var count = PositiveOption.Create("--count", "Training images that are shown, from the first on.", 4);
        var variants = PositiveOption.Create("--variants", "Variations of each: those of the first epochs or, with --views, the views after the image itself.", 5);
        var side = PositiveOption.Create("--side", "The longest side of an image in the picture, in pixels; smaller images keep their size.", 160);
        var command = new Command("augmentation", "Write a picture of training images and what augmentation makes of them, with their masks over them.") { file, count, variants, side };
        var options = new SettingsOptions(command, SamSegKnobs.OfInspectAugmentation);
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = options.Read(parsed);
            DatasetOpening.Check(loaded);
            TrainingSetup.CheckAugmentation(loaded);
            if (loaded.Settings.Training.Augmentation == new AugmentationOptions())
                throw new ConfigurationException("nothing is varied: expected --flip-probability, --scale-jitter, --brightness, --contrast, --saturation or --hue");
            var sheet = new AugmentationSheet(parsed.GetValue(side));
            var (images, columns) = await output.Display.ShowAsync(() => Fill(sheet, loaded, parsed.GetValue(count), parsed.GetValue(variants), output, cancellation));
            sheet.Render().SavePng(parsed.GetRequiredValue(file));
            output.Results.WriteLine($"{parsed.GetRequiredValue(file)}  {images} image(s), each as it is and in {columns} variation(s)");
            return ExitCode.Done;
        });
        return command;
    }

    private static (int Images, int Columns) Fill(
        AugmentationSheet sheet, LoadedSettings<SamSegSettings> loaded, int count, int variants, CommandOutput output, CancellationToken cancellation)
    {
        var settings = loaded.Settings;
        var classes = DatasetOpening.Classes(settings.Dataset);
        var dataset = DatasetOpening.Training(settings.Dataset, classes, output.Display, cancellation);
        SkippedSamples.Warn(output, dataset);
        var augmenter = new Augmenter(settings.Training.Augmentation, classes.VoidId, settings.Training.Seed);
        var columns = augmenter.Views > 1 ? Math.Min(variants, augmenter.Views - 1) : variants;
        var index = 0;
        foreach (var sample in dataset.Read().Take(count))
        {
            cancellation.ThrowIfCancellationRequested();
            sheet.Add(Row(sample, index).Select(varied => (varied.Image, varied.Label)));
            output.Display.Progress("varying images", ++index, Math.Min(count, dataset.Samples.Count));
        }
        return (index, columns);

        IEnumerable<LabeledImage> Row(LabeledImage sample, int place) =>
            [sample, .. Enumerable.Range(1, columns).Select(number => augmenter.Views > 1 ? augmenter.View(sample, number) : augmenter.Vary(sample, number, place))];
    }
}
