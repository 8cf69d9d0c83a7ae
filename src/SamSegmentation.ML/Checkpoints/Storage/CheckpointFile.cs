using Microsoft.Win32.SafeHandles;

namespace SamSegmentation.ML.Checkpoints.Storage;

/// <summary>
/// A checkpoint file's bytes by position. Readings are checked against the file's real length, keep no position, and
/// may run on several threads.
/// </summary>
internal sealed class CheckpointFile : IDisposable
{
    private readonly SafeFileHandle _handle;

    public CheckpointFile(string path)
    {
        Path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        Length = RandomAccess.GetLength(_handle);
    }

    public string Path { get; }

    /// <summary>The file's length in bytes.</summary>
    public long Length { get; }

    /// <summary>Fills <paramref name="target"/> from <paramref name="offset"/>.</summary>
    /// <exception cref="CheckpointFormatException">The file ends before.</exception>
    public void Read(long offset, Span<byte> target, string place)
    {
        if (offset < 0 || offset > Length || target.Length > Length - offset)
            throw Error(place, $"bytes {offset}..{offset + target.Length} are needed, but the file has {Length}.");
        while (target.Length > 0)
        {
            var read = RandomAccess.Read(_handle, target, offset);
            if (read == 0)
                throw Error(place, $"the file was shortened to {offset} bytes while it was open.");
            target = target[read..];
            offset += read;
        }
    }

    /// <summary>The error of one place in this file.</summary>
    public CheckpointFormatException Error(string place, string reason, Exception? inner = null) => new(Path, place, reason, inner);

    public void Dispose() => _handle.Dispose();
}
