using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.IO;
using SamSegmentation.ML.Modeling;

namespace SamSegmentation.ML.Training.Runs;

/// <summary>The files of a run.</summary>
internal sealed class RunFolder
{
    public const string OptionsFile = "options.json";
    public const string LogFile = "log.jsonl";
    public const string BestFile = "best.safetensors";
    public const string LastFile = "last.safetensors";
    public const string ModelFile = "model.safetensors";

    private static readonly JsonSerializerOptions s_json = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    private RunFolder(string path) => Path = path;

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>Takes a folder for a run, and makes it when it is absent.</summary>
    /// <exception cref="IOException">It holds a run, or cannot be made.</exception>
    public static RunFolder Claim(string path)
    {
        var folder = new RunFolder(System.IO.Path.GetFullPath(path));
        string[] files = [OptionsFile, LogFile, BestFile, LastFile, ModelFile];
        if (files.FirstOrDefault(file => File.Exists(folder.PathOf(file))) is { } found)
            throw new IOException($"The run folder '{folder.Path}' holds a run already: there is a {found}. Name another folder.");
        Directory.CreateDirectory(folder.Path);
        return folder;
    }

    /// <summary>The path of one of its files.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

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
}
