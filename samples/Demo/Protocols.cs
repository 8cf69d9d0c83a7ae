using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;

namespace SamSegmentation.Demo;

/// <summary>The two ways of fine-tuning that the demo compares; both leave the image encoder as it is.</summary>
public static class Protocols
{
    /// <summary>This library's: the whole mask decoder, AdamW, SAM's own preprocessing.</summary>
    /// <param name="options">Epochs and seed.</param>
    /// <param name="folder">Where checkpoints, the log and the model are written.</param>
    public static TrainingOptions Ours(DemoOptions options, string folder) => TrainingOptions.Default with
    {
        Epochs = options.Epochs,
        LearningRate = 2e-3,
        Schedule = new CosineSchedule { WarmupSteps = 20 },
        ClippingNorm = 1,
        ValidateEvery = Math.Max(1, options.Epochs / 4),
        Seed = options.Seed,
        RunFolder = folder,
    };

    /// <summary>
    /// SAM_for_Semantic_Segmentation's: the hypernetworks alone, SGD, a square stretch without normalisation; for as many
    /// epochs as ours.
    /// </summary>
    /// <param name="options">Epochs and seed.</param>
    /// <param name="folder">Where checkpoints, the log and the model are written.</param>
    public static TrainingOptions Reference(DemoOptions options, string folder) => TrainingOptions.Reference with
    {
        Epochs = options.Epochs,
        ValidateEvery = Math.Max(1, options.Epochs / 4),
        Seed = options.Seed,
        RunFolder = folder,
    };
}
