using System.CommandLine;
using SamSegmentation.Cli.CommandLine;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Data;
using SamSegmentation.Cli.Embedding;
using SamSegmentation.Cli.Settings.Knobs;
using SamSegmentation.Cli.Training;

namespace SamSegmentation.Cli.Commands;

/// <summary><c>samseg embed</c>: fills the cache of embeddings.</summary>
internal static class EmbedCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="output">What it speaks to.</param>
    public static Command Create(CommandOutput output)
    {
        var command = new Command("embed", "Compute the frozen encoder's embeddings of a dataset into the cache, for training to find them there.");
        var options = new SettingsOptions(command, SamSegKnobs.OfEmbed);
        command.SetAction(async (parsed, cancellation) =>
        {
            var loaded = options.Read(parsed);
            DatasetOpening.Check(loaded);
            if (loaded.Settings.Training.CacheFolder is not { } folder)
                throw new ConfigurationException("no cache: expected --cache-folder DIR, the one that training is given");
            TrainingSetup.CheckAugmentation(loaded);
            var lines = await output.Display.ShowAsync(() => EmbeddingRun.Run(loaded, output, cancellation));
            foreach (var line in lines)
                output.Results.WriteLine(line);
            output.Results.WriteLine($"cache       {folder}");
            return ExitCode.Done;
        });
        return command;
    }
}
