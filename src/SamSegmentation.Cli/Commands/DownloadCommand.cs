using System.CommandLine;
using System.Globalization;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Downloads;

namespace SamSegmentation.Cli.Commands;

/// <summary><c>samseg download</c>: fetches SAM's weights and PASCAL VOC.</summary>
internal static class DownloadCommand
{
    // From here on it is the user's decision.
    private const long Large = 1_000_000_000;

    /// <summary>Defines the command.</summary>
    /// <param name="output">What it speaks to.</param>
    public static Command Create(CommandOutput output)
    {
        var name = new Argument<string>("name") { Description = "vit_b, vit_l, vit_h (SAM's weights), voc2012 (PASCAL VOC), or a name of the sources." };
        var folder = new Option<string>("--output") { Description = "Folder for the file.", HelpName = "DIR", DefaultValueFactory = _ => "." };
        var sources = new Option<string>("--sources") { Description = "YAML file of addresses and hashes instead of the program's own.", HelpName = "FILE" };
        var yes = new Option<bool>("--yes") { Description = "Write more than 1 GB without asking." };
        var command = new Command("download", "Fetch SAM's weights or PASCAL VOC: resumed when cut, verified by SHA-256, VOC unpacked.") { name, folder, sources, yes };
        command.SetAction(async (parsed, cancellation) =>
        {
            var source = Find(DownloadSources.Read(parsed.GetValue(sources)), parsed.GetRequiredValue(name));
            var place = parsed.GetRequiredValue(folder);
            var path = Path.Combine(place, source.File);
            var unpacked = source.Folder is { } inner ? Path.Combine(place, inner) : null;
            if (unpacked is not null && (Directory.Exists(unpacked) || File.Exists(unpacked)))
            {
                output.Results.WriteLine($"{unpacked} is there already; nothing was done");
                return ExitCode.Done;
            }
            var downloader = new Downloader(source, path, output.Display);
            if (!Confirm(output, downloader.Missing + (unpacked is null ? 0 : source.Size), place, parsed.GetValue(yes)))
                return ExitCode.Cancelled;
            var wasThere = await output.Display.ShowAsync(() =>
            {
                var found = downloader.Run(cancellation);
                if (unpacked is not null)
                    TarArchive.Unpack(path, source.Folder!, unpacked, output.Display, cancellation);
                return found;
            });
            output.Results.WriteLine($"{path}  {(wasThere ? "was there already" : "downloaded")}, SHA-256 verified");
            if (unpacked is not null)
                output.Results.WriteLine($"{unpacked}  unpacked; {path} is not needed any more");
            return ExitCode.Done;
        });
        return command;
    }

    private static DownloadSource Find(IReadOnlyList<DownloadSource> sources, string name) =>
        sources.FirstOrDefault(source => source.Name == name)
        ?? throw new ConfigurationException(
            $"expected one of {string.Join(", ", sources.Select(source => source.Name))}, found '{name}'{Spelling.DidYouMean(name, sources.Select(source => source.Name))}");

    private static bool Confirm(CommandOutput output, long bytes, string place, bool isAgreed)
    {
        if (bytes <= Large || isAgreed)
            return true;
        var what = string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB will be written to {Path.GetFullPath(place)}");
        if (output.Ask is null)
            throw new ConfigurationException($"{what}, and there is no terminal to ask: expected --yes");
        return output.Ask($"{what}. Go on? [y/N] ");
    }
}
