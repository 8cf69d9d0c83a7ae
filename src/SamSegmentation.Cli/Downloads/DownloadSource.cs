namespace SamSegmentation.Cli.Downloads;

/// <summary>A file that can be fetched.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Url">Where it is.</param>
/// <param name="File">Its name on disk, without a folder.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Of the whole file, 64 lower-case hexadecimal digits.</param>
/// <param name="Folder">For a tar archive: the folder that it holds; null for a file that is not unpacked.</param>
internal sealed record DownloadSource(string Name, Uri Url, string File, long Size, string Sha256, string? Folder);
