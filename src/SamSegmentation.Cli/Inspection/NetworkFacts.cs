using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;

namespace SamSegmentation.Cli.Inspection;

/// <summary>What a checkpoint's weights are the weights of.</summary>
internal sealed record NetworkFacts
{
    /// <summary>Why it is no Segment Anything network; null if it is one.</summary>
    public string? Missing { get; init; }

    /// <summary>Whose names it uses; null if it is no such network.</summary>
    public SamCheckpointLayout? Layout { get; init; }

    /// <summary>Its dimensions; null if it is no such network.</summary>
    public SamConfig? Config { get; init; }

    /// <summary>How many classes it tells apart; null for SAM itself, which knows none.</summary>
    public int? Classes { get; init; }

    /// <summary>What the file says about itself; null if samseg did not write it.</summary>
    public SavedModelInfo? Info { get; init; }

    /// <summary>Looks into a checkpoint.</summary>
    /// <param name="checkpoint">The open checkpoint.</param>
    public static NetworkFacts Of(Checkpoint checkpoint)
    {
        try
        {
            var layout = SamCheckpoint.FindLayout(checkpoint);
            return new NetworkFacts
            {
                Layout = layout,
                Config = SamCheckpoint.InferConfig(checkpoint),
                Classes = layout == SamCheckpointLayout.Sam ? null : SamCheckpoint.InferClasses(checkpoint),
                Info = SamCheckpoint.ReadInfo(checkpoint),
            };
        }
        catch (CheckpointFormatException none)
        {
            return new NetworkFacts { Missing = $"{none.Place}: {none.Reason}" };
        }
    }
}
