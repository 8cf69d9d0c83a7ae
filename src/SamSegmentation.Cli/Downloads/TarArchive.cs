using System.Formats.Tar;
using SamSegmentation.Cli.Display;

namespace SamSegmentation.Cli.Downloads;

/// <summary>Unpacks a tar archive that holds one folder, which appears whole or not at all.</summary>
internal static class TarArchive
{
    private const int MaxEntries = 1_000_000;

    /// <summary>Unpacks an archive. Only files and folders below the one folder are taken; anything else in it is an error.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="folder">The folder that it holds.</param>
    /// <param name="target">Where that is put; nothing of this name is there.</param>
    /// <param name="display">Told of progress, in megabytes.</param>
    /// <param name="cancellation">Ends it; nothing is left then.</param>
    /// <exception cref="DownloadException">The archive is damaged, or holds something else.</exception>
    public static void Unpack(string archive, string folder, string target, IDisplay display, CancellationToken cancellation)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(target))!;
        var temporary = Path.Combine(parent, $".{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(temporary);
        try
        {
            using (var stream = File.OpenRead(archive))
                Unpack(archive, folder, temporary, stream, display, cancellation);
            var unpacked = Path.Combine(temporary, folder);
            if (!Directory.Exists(unpacked))
                throw new DownloadException($"{archive} holds no folder '{folder}'.");
            Directory.Move(unpacked, target);
        }
        catch (Exception error) when (error is FormatException or InvalidDataException or EndOfStreamException)
        {
            throw new DownloadException($"{archive} is no sound tar archive: {error.Message}", error);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static void Unpack(string archive, string folder, string root, FileStream stream, IDisplay display, CancellationToken cancellation)
    {
        // A plain archive's files are no larger than itself; what says otherwise is not one.
        var left = stream.Length;
        using var reader = new TarReader(stream, leaveOpen: true);
        for (var count = 1; reader.GetNextEntry() is { } entry; count++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (count > MaxEntries)
                throw new DownloadException($"{archive} holds more than {MaxEntries} entries.");
            if (entry.EntryType == TarEntryType.GlobalExtendedAttributes)
                continue;
            var path = Path.Combine(root, Check(archive, folder, entry.Name));
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    Directory.CreateDirectory(path);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    left -= entry.Length;
                    if (left < 0)
                        throw new DownloadException($"{archive}: its files are larger than the archive itself.");
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    if (File.Exists(path))
                        throw new DownloadException($"{archive}: '{entry.Name}' is in it twice.");
                    using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
                        entry.DataStream?.CopyTo(file);
                    break;
                default:
                    throw new DownloadException($"{archive}: '{entry.Name}' is a {entry.EntryType}; expected files and folders alone.");
            }
            display.Progress($"unpacking {Path.GetFileName(archive)}", (int)(stream.Position / 1_000_000), (int)Math.Max(1, stream.Length / 1_000_000), "MB");
        }
    }

    // Names are taken apart, not normalised: a sound one has nothing to normalise.
    private static string Check(string archive, string folder, string name)
    {
        var trimmed = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        var parts = trimmed.TrimEnd('/').Split('/');
        var isSound = parts[0] == folder && parts.All(part => part is not ("" or "." or "..") && !part.AsSpan().ContainsAny("\\:\0"));
        return isSound ? Path.Combine(parts) : throw new DownloadException($"{archive}: '{name}' does not lie in the folder '{folder}'.");
    }
}
