namespace SamSegmentation.ML.IO;

/// <summary>
/// Writes files so that a reader, and the next start after a crash, finds either the old content or the whole new
/// one: everything goes to a temporary file in the same folder, is flushed to the disk, and is then renamed.
/// </summary>
public static class AtomicFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Writes a file through a stream. Missing folders are made; an existing file is replaced.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="write">
    /// Writes the content. When it throws, the target is untouched and the temporary file is removed.
    /// The stream can seek, and must not be kept.
    /// </param>
    /// <exception cref="IOException">The folder or file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or file may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target)
            ?? throw new ArgumentException($"'{path}' is a folder, not a file.", nameof(path));
        Directory.CreateDirectory(folder);

        // The name does not repeat the target's: a target of the longest allowed name must still be writable.
        string temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        // How .NET says that a file system, or a limit of the process, takes no file of this length; it names no file.
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "value")
        {
            DeleteQuietly(temporary);
            throw new IOException($"'{target}' cannot be written: no file may be that long here.", e);
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }
    }

    /// <summary>Writes a file of the given bytes.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/exception"/>
    /// <param name="path">The file to write.</param>
    /// <param name="content">The whole content.</param>
    public static void Write(string path, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        Write(path, stream => stream.Write(content));
    }

    /// <summary>Writes a file of the given text, as UTF-8 without a byte-order mark.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/exception"/>
    /// <param name="path">The file to write.</param>
    /// <param name="text">The whole content.</param>
    public static void Write(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, System.Text.Encoding.UTF8.GetBytes(text));
    }

    // The failure that led here matters; one in tidying up after it must not hide it.
    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
        }
        catch (UnauthorizedAccessException)
        {
        }
    }
}
