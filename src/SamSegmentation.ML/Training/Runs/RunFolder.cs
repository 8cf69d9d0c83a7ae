using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.IO;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Reports;
using SamSegmentation.ML.Reports.Images;
using SamSegmentation.ML.Reports.Runs;
using SamSegmentation.ML.Training.Resuming;

namespace SamSegmentation.ML.Training.Runs;

/// <summary>The files of a run, which no other process may work on meanwhile.</summary>
internal sealed partial class RunFolder : IDisposable
{
    public const string OptionsFile = "options.json";
    public const string LogFile = RunFiles.Log;
    public const string BestFile = "best.safetensors";
    public const string LastFile = "last.safetensors";
    public const string ModelFile = "model.safetensors";

    private const string StateSubfolder = "state";
    private const string LockFile = ".lock";

    private static readonly JsonSerializerOptions s_json = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly FileStream _lock;

    private RunFolder(string path, FileStream locked)
    {
        (Path, _lock) = (path, locked);
        States = new StateFolder(PathOf(StateSubfolder));
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>The states from which the run can go on.</summary>
    public StateFolder States { get; }

    /// <summary>The log's length in bytes.</summary>
    public long LogLength => new FileInfo(PathOf(LogFile)) is { Exists: true } log ? log.Length : 0;

    /// <summary>Takes a folder for a run, makes it when it is absent, and removes what a killed process has half written.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="resume">Whether it may hold a run already.</param>
    /// <exception cref="IOException">It holds a run, another process works on it, or it cannot be made.</exception>
    public static RunFolder Claim(string path, bool resume)
    {
        var full = System.IO.Path.GetFullPath(path);
        string[] files = [OptionsFile, LogFile, BestFile, LastFile, ModelFile];
        // A new run among the states of an old one would be taken for that.
        if (!resume && files.Append(StateSubfolder).FirstOrDefault(file => System.IO.Path.Exists(System.IO.Path.Combine(full, file))) is { } found)
            throw new IOException($"The run folder '{full}' holds a run already: there is a {found}. Name another folder, or resume that run.");
        Directory.CreateDirectory(full);
        var folder = new RunFolder(full, Lock(full));
        folder.RemoveHalfWritten();
        return folder;
    }

    /// <summary>The seed of the run that a folder holds; null when it holds none.</summary>
    /// <exception cref="IOException">Its options cannot be read.</exception>
    /// <exception cref="JsonException">Its options are damaged.</exception>
    public static int? SeedOf(string path)
    {
        var options = System.IO.Path.Combine(path, OptionsFile);
        return File.Exists(options) ? (int?)JsonNode.Parse(File.ReadAllText(options))?[nameof(TrainingOptions.Seed)] : null;
    }

    /// <summary>Removes the log of a run that was ended before its first step.</summary>
    public void BeginAnew() => File.Delete(PathOf(LogFile));

    /// <summary>Cuts the log to a length that it had.</summary>
    /// <returns>False when it is shorter than that: then it stays as it is.</returns>
    public bool CutLog(long length)
    {
        if (LogLength < length)
            return false;
        using var stream = new FileStream(PathOf(LogFile), FileMode.OpenOrCreate, FileAccess.Write);
        stream.SetLength(length);
        return true;
    }

    /// <summary>The path of one of its files.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>The name of the checkpoint that an epoch leaves among the best few, such as <c>epoch-0012-miou-0.7312.safetensors</c>.</summary>
    public static string TopFile(int epoch, string metric, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:D4}-{metric}-{value:F4}.safetensors");

    /// <summary>Removes all checkpoints of that kind but some.</summary>
    public void RemoveTop(IReadOnlyCollection<string> except)
    {
        foreach (var file in Directory.GetFiles(Path, "epoch-*.safetensors").Where(file => TopName().IsMatch(System.IO.Path.GetFileName(file)) && !except.Contains(System.IO.Path.GetFileName(file))))
            File.Delete(file);
    }

    /// <summary>Options as JSON.</summary>
    public static JsonObject ToJson(TrainingOptions options) => JsonSerializer.SerializeToNode(options, s_json)!.AsObject();

    /// <summary>Writes the options as JSON.</summary>
    public void SaveOptions(TrainingOptions options) =>
        AtomicFile.Write(PathOf(OptionsFile), JsonSerializer.Serialize(options, s_json));

    /// <summary>Writes a checkpoint: head and adapters with the encoder's hash, or the whole network where the encoder is trained.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="model">The network.</param>
    /// <param name="whole">What a whole model's file would say.</param>
    /// <param name="encoderHash">The frozen encoder's hash; null where the encoder is trained.</param>
    public void SaveCheckpoint(string file, SemanticSam model, SavedModelInfo whole, string? encoderHash) =>
        SamCheckpoint.SaveModel(model, PathOf(file), encoderHash is null ? whole : whole.WithoutEncoder(model, encoderHash));

    /// <summary>Writes the whole network.</summary>
    /// <returns>The file's path.</returns>
    public string SaveModel(SemanticSam model, SavedModelInfo whole)
    {
        SamCheckpoint.SaveModel(model, PathOf(ModelFile), whole);
        return PathOf(ModelFile);
    }

    /// <summary>Keeps images for the report, in place of those before.</summary>
    public void SaveImages(ReportImages images) => images.Write(PathOf(RunFiles.Images));

    /// <summary>Makes the report of what has been logged until now.</summary>
    public void WriteReport() => RunReport.Write(Path);

    public void Dispose() => _lock.Dispose();

    // The system lets go of the lock when the process ends, however it ends.
    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new IOException($"The run folder '{folder}' cannot be locked; does another process train in it? {e.Message}", e);
        }
    }

    private void RemoveHalfWritten()
    {
        foreach (var folder in new[] { Path, States.Path }.Where(Directory.Exists))
        {
            foreach (var file in Directory.EnumerateFiles(folder, ".*.tmp").Where(file => TemporaryName().IsMatch(System.IO.Path.GetFileName(file))))
                File.Delete(file);
        }
    }

    [GeneratedRegex(@"^epoch-\d{4,}-[a-z_]+-(\d+\.\d{4}|NaN|Infinity)\.safetensors$")]
    private static partial Regex TopName();

    // As AtomicFile names them.
    [GeneratedRegex(@"^\.[0-9a-f]{32}\.tmp$")]
    private static partial Regex TemporaryName();
}
