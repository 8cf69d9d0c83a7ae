namespace SamSegmentation.Cli.Downloads;

/// <summary>A file could not be fetched, is not the one that was expected, or cannot be unpacked.</summary>
/// <param name="message">What, where from, expected and found, and what to do.</param>
/// <param name="inner">What it follows from.</param>
internal sealed class DownloadException(string message, Exception? inner = null) : Exception(message, inner);
