using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Prediction;

/// <summary>What the network says of one image.</summary>
/// <param name="Labels">The class of each pixel at the image's own size.</param>
/// <param name="Probabilities">
/// Probabilities of all classes, class after class, each height × width row by row; null when they were not asked for.
/// Over the classes they add up to 1 in each pixel.
/// </param>
public sealed record SegmentationPrediction(LabelMap Labels, float[]? Probabilities);
