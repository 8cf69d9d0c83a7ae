namespace SamSegmentation.Cli.Settings;

/// <summary>The training settings to start from.</summary>
internal enum Protocol
{
    /// <summary>This library's own: <see cref="ML.Training.TrainingOptions.Default"/>.</summary>
    Default,

    /// <summary>SAM_for_Semantic_Segmentation's: <see cref="ML.Training.TrainingOptions.Reference"/>.</summary>
    Reference,
}
