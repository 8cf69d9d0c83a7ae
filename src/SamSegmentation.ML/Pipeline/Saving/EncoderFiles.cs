using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;
using SamSegmentation.ML.Checkpoints;

namespace SamSegmentation.ML.Pipeline.Saving;

/// <summary>The checkpoints that a context was told of, for models that were saved without their encoder.</summary>
internal static class EncoderFiles
{
    // A context and all its hosts share one component catalog, and it is what a model's reader can see of the context.
    private static readonly ConditionalWeakTable<ComponentCatalog, List<string>> s_told = [];

    /// <summary>Tells a context of a checkpoint.</summary>
    public static void Add(ComponentCatalog context, string path)
    {
        var paths = s_told.GetOrCreateValue(context);
        lock (paths)
            paths.Add(path);
    }

    /// <summary>Finds a model's encoder: among the files that the context was told of, else where it was at training.</summary>
    /// <exception cref="FileNotFoundException">It is at none of those places.</exception>
    /// <exception cref="InvalidDataException">There are files, but none has the content.</exception>
    public static string Find(ComponentCatalog context, EncoderFile wanted)
    {
        string[] candidates = [.. Told(context), wanted.Path];
        string[] present = [.. candidates.Distinct().Where(File.Exists)];
        var hashes = new List<string>();
        foreach (var path in present)
        {
            using var checkpoint = Checkpoint.Open(path);
            var hash = checkpoint.Sha256();
            if (hash == wanted.Sha256)
                return path;
            hashes.Add($"that of '{path}' is {hash}");
        }
        var expected = $"The model was saved without its image encoder. It needs the checkpoint '{Path.GetFileName(wanted.Path)}' with SHA-256 {wanted.Sha256}";
        const string Hint = "Call mlContext.Segmentation().UseEncoderCheckpoint(path) before loading.";
        throw present.Length == 0
            ? new FileNotFoundException($"{expected}, which is not at {string.Join(" or ", candidates.Select(path => $"'{path}'"))}. {Hint}", wanted.Path)
            : new InvalidDataException($"{expected}; {string.Join(", ", hashes)}. {Hint}");
    }

    private static string[] Told(ComponentCatalog context)
    {
        if (!s_told.TryGetValue(context, out var paths))
            return [];
        lock (paths)
            return [.. paths];
    }
}
