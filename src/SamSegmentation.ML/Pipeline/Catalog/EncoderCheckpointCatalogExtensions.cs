using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Pipeline.Saving;

namespace Microsoft.ML;

/// <summary>Tells a context of checkpoints, for models that are saved without their image encoder.</summary>
public static class EncoderCheckpointCatalogExtensions
{
    /// <summary>
    /// Names a checkpoint that holds an image encoder, for models that were saved without theirs
    /// (<see cref="SamTrainerOptions.SaveEncoder"/>). Loading a model in this context looks here first, then where the
    /// checkpoint was at training, and takes the file only if its SHA-256 is the model's.
    /// </summary>
    /// <param name="catalog">The context's catalog.</param>
    /// <param name="path">The checkpoint, for example <c>sam_vit_b_01ec64.pth</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static void UseEncoderCheckpoint(this SegmentationCatalog catalog, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no checkpoint '{path}'.", path);
        EncoderFiles.Add(catalog.Context.ComponentCatalog, Path.GetFullPath(path));
    }
}
