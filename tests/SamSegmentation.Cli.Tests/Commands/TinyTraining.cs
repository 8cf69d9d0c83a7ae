namespace SamSegmentation.Cli.Tests.Commands;

/// <summary>The tiny network's training on the tiny scenes: their files, and the commands that take them.</summary>
internal sealed class TinyTraining : IDisposable
{
    private readonly Lazy<string> _sam;

    /// <summary>Writes scenes, classes and settings.</summary>
    /// <param name="training">Further lines of the settings' section <c>training</c>.</param>
    public TinyTraining(string training = "")
    {
        Voc = TinyScenes.Voc(Folder);
        Classes = Folder.Write("classes.txt", TinyScenes.ClassNames);
        Config = Folder.Write("train.yaml", TinyNetwork.Yaml + $$"""
            training:
              epochs: 2
              batch_size: 3
              schedule: { warmup_steps: 0 }
            {{training}}
            embeddings: { dtype: float32 }

            """);
        _sam = new Lazy<string>(() => TinyNetwork.WriteSam(Folder, "sam.safetensors"));
    }

    public TemporaryFolder Folder { get; } = new();

    public string Voc { get; }

    public string Classes { get; }

    public string Config { get; }

    /// <summary>The network as a file of Meta's holds it, written when it is first asked for.</summary>
    public string Sam => _sam.Value;

    /// <summary>Where a training goes that names no other folder.</summary>
    public string Run => Folder.PathOf("run");

    /// <summary>The options that name the scenes.</summary>
    public string[] Data => ["--data", Voc, "--classes", Classes];

    public Task<SamSeg> TrainAsync(params string[] args) =>
        SamSeg.RunAsync(["train", "--config", Config, .. Data, .. args.Contains("--run-folder") ? Array.Empty<string>() : ["--run-folder", Run], .. args]);

    public Task<SamSeg> EvaluateAsync(params string[] args) => SamSeg.RunAsync(["evaluate", .. Data, .. args]);

    /// <summary>A file of <see cref="Run"/>.</summary>
    public string Written(string name) => Path.Combine(Run, name);

    /// <summary>The table of classes, which both commands write alike.</summary>
    public static string Table(SamSeg run) => run.Output[run.Output.IndexOf("id  class", StringComparison.Ordinal)..];

    public void Dispose() => Folder.Dispose();
}
