namespace SamSegmentation.ML.Training.Losses;

/// <summary>How much each class counts where no weights are given.</summary>
public enum ClassBalance
{
    /// <summary>All the same.</summary>
    None,

    /// <summary>
    /// By the training set: median(f) / f(c), where f(c) is class c's share of the pixels that are not void, of the images
    /// that show c (Eigen and Fergus, "Predicting Depth, Surface Normals and Semantic Labels with a Common Multi-Scale
    /// Convolutional Architecture", 2015). The median is that of the classes that some image shows; the others have 1.
    /// </summary>
    MedianFrequency,
}
