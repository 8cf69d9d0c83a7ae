using System.Globalization;
using Google.Protobuf;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Logging.Protos;

namespace SamSegmentation.ML.Training.Logging;

/// <summary>
/// Writes a TensorBoard event file: <c>tensorboard --logdir</c> over the folder shows scalars as curves and images
/// with a slider over the steps, while the run goes on.
/// </summary>
/// <remarks>
/// Each writer makes a file of its own, so that a resumed run adds to its folder and touches nothing that is there;
/// TensorBoard joins the files of a folder into one run. Members may be called from several threads.
/// </remarks>
public sealed class TensorBoardWriter : IDisposable
{
    // TensorBoard looks for names that contain this.
    private const string Prefix = "events.out.tfevents.";
    private const string FileVersion = "brain.Event:2";

    private static int s_writers;

    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly FileStream _stream;
    private bool _disposed;

    /// <summary>Starts an event file.</summary>
    /// <param name="folder">The run's folder; created when absent. Folders beside it are shown as other runs.</param>
    /// <param name="purgeStep">
    /// For a resumed run, the step it goes on with: TensorBoard then hides what earlier files of the folder say of that
    /// step and later ones.
    /// </param>
    /// <param name="clock">The time of events; the system's by default.</param>
    /// <exception cref="IOException">The folder or the file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be made.</exception>
    public TensorBoardWriter(string folder, long? purgeStep = null, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        FilePath = Path.Combine(folder, string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{_clock.GetUtcNow().ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref s_writers)}"));
        _stream = new FileStream(FilePath, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        Write(new Event { FileVersion = FileVersion });
        if (purgeStep is { } step)
            Write(new Event { Step = step, SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } });
        Flush();
    }

    /// <summary>The event file.</summary>
    public string FilePath { get; }

    /// <summary>Adds a point to a curve.</summary>
    /// <param name="tag">The curve's name; up to a '/' it names the group in which it is shown.</param>
    /// <param name="value">The value, stored as float32; NaN and infinities are shown as such.</param>
    /// <param name="step">The step.</param>
    public void AddScalar(string tag, double value, long step)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        Write(step, new Summary.Types.Value { Tag = tag, SimpleValue = (float)value });
    }

    /// <summary>Adds an image, stored as PNG.</summary>
    /// <param name="tag">The image's name; up to a '/' it names the group in which it is shown.</param>
    /// <param name="image">The image.</param>
    /// <param name="step">The step.</param>
    public void AddImage(string tag, RgbImage image, long step)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        ArgumentNullException.ThrowIfNull(image);
        var png = new Summary.Types.Image
        {
            Height = image.Height,
            Width = image.Width,
            Colorspace = 3,
            EncodedImageString = UnsafeByteOperations.UnsafeWrap(image.EncodePng()),
        };
        Write(step, new Summary.Types.Value { Tag = tag, Image = png });
    }

    /// <summary>Hands everything written so far to the operating system, where TensorBoard sees it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Flush()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _stream.Flush();
        }
    }

    /// <summary>Flushes and closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _stream.Dispose();
        }
    }

    private void Write(long step, Summary.Types.Value value) =>
        Write(new Event { Step = step, Summary = new Summary { Value = { value } } });

    private void Write(Event entry)
    {
        entry.WallTime = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        byte[] record = TensorBoardRecord.Frame(entry);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _stream.Write(record);
        }
    }
}
