namespace SamSegmentation.ML.IO;

/// <summary>
/// Writes files so that a reader meets the old content or the new one, never a part: a temporary file in the same
/// folder is written, flushed to the disk, and renamed onto the path.
/// </summary>
public static class AtomicFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Writes a whole file. The folder must exist; a file at the path is replaced.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="write">Writes the content; when it throws, the path is left as it was and nothing else remains.</param>
    /// <exception cref="IOException">The folder is missing, the disk is full, or the path cannot be replaced.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);
        // The name is unique, so that two writers of one path do not meet in one temporary file.
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a whole file from bytes in memory; see <see cref="Write(string, Action{Stream})"/>.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="content">All of the file's bytes.</param>
    public static void Write(string path, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        Write(path, stream => stream.Write(content));
    }
}
