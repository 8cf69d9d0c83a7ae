using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SamSegmentation.ML.Training.Logging;

/// <summary>
/// A log of JSON objects, one a line (JSON Lines): what a run reports, for programs to read. Each line is handed to the
/// operating system at once, and a log that exists is continued.
/// </summary>
/// <remarks>
/// Properties are named in camel case, dictionary keys are kept; enumerations are written by name, NaN and infinities
/// as the strings "NaN", "Infinity" and "-Infinity", which JSON has no numbers for. Members may be called from several
/// threads.
/// </remarks>
public sealed class JsonLinesLog : IDisposable
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
        // The log is read by programs and people, never pasted into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock _lock = new();
    private readonly FileStream _stream;
    private bool _disposed;

    /// <summary>Opens a log, at its end when it exists.</summary>
    /// <param name="path">
    /// The file; its folder is created when absent. A last line that a crash has cut short is removed.
    /// </param>
    /// <exception cref="InvalidDataException">The file exists and is no such log; it is left as it is.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public JsonLinesLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        // Without a buffer of its own, the stream writes a line in one piece.
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            _stream.Position = JsonLinesTail.Repair(_stream);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>Writes one line.</summary>
    /// <param name="record">An object with properties, or a dictionary.</param>
    /// <exception cref="ArgumentException">The record is not an object in JSON.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(object record)
    {
        ArgumentNullException.ThrowIfNull(record);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(record, record.GetType(), s_options);
        if (json[0] != '{')
            throw new ArgumentException($"A line of the log is a JSON object; {record.GetType()} is not written as one.", nameof(record));
        byte[] line = [.. json, (byte)'\n'];
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _stream.Write(line);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _stream.Dispose();
        }
    }
}
