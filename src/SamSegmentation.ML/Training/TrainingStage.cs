namespace SamSegmentation.ML.Training;

/// <summary>What a training run is doing.</summary>
public enum TrainingStage
{
    /// <summary>Passing once over the training images: the frozen encoder computes their embeddings, or the cache is found to hold them.</summary>
    Preparing,

    /// <summary>The same for the validation images.</summary>
    PreparingValidation,

    /// <summary>Taking an epoch's steps.</summary>
    Training,

    /// <summary>Measuring the network on the validation images.</summary>
    Validation,

    /// <summary>Writing checkpoints.</summary>
    Saving,
}
