namespace SamSegmentation.ML.Imaging;

/// <summary>How a photograph becomes the network's input.</summary>
public enum Preprocessing
{
    /// <summary>
    /// SAM's own: the longest side to the input size, pixels less mean and over standard deviation of each channel,
    /// then zeros to the right and below. The frozen encoder was trained on this.
    /// </summary>
    Sam,

    /// <summary>
    /// Stretched to a square and divided by 255, never normalised, as in SAM_for_Semantic_Segmentation: to reproduce
    /// its results and to score its checkpoints.
    /// </summary>
    Stretch,
}
