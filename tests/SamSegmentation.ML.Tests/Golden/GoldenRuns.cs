namespace SamSegmentation.ML.Tests.Golden;

/// <summary>The runs of all cases, shared by the tests of a class, so that the full-size network runs once.</summary>
public sealed class GoldenRuns : IDisposable
{
    private readonly Dictionary<string, GoldenRun> _runs = [];

    /// <summary>The names of the cases: the *.safetensors files of the folder, without their extension.</summary>
    public static IReadOnlyList<string> Cases =>
        Folder is null ? [] : [.. Directory.GetFiles(Folder, "*.safetensors").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    /// <summary>Why there are no cases.</summary>
    public static string ReasonForNone => GoldenFolder.Named is { } named
        ? $"GOLDEN_DIR={named} holds no *.safetensors case."
        : "GOLDEN_DIR is not set, and there are no golden cases beside the checkout (../shared/golden).";

    private static string? Folder =>
        (GoldenFolder.Named is { } named ? [named] : GoldenFolder.BesideTheCheckout()).FirstOrDefault(Directory.Exists);

    /// <summary>The path of a case's file.</summary>
    public static string PathOf(string name) => Path.Combine(Folder!, name + ".safetensors");

    /// <summary>A case's run.</summary>
    internal GoldenRun Of(string name)
    {
        if (!_runs.TryGetValue(name, out var run))
            _runs[name] = run = new GoldenRun(PathOf(name));
        return run;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var run in _runs.Values)
            run.Dispose();
    }
}
