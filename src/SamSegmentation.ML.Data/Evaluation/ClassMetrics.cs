namespace SamSegmentation.ML.Evaluation;

/// <summary>What a segmentation came to for one class.</summary>
/// <param name="Id">The class id.</param>
/// <param name="Name">The class's name.</param>
/// <param name="IoU">Intersection over union, see <see cref="SegmentationMetrics.PerClassIoU"/>.</param>
/// <param name="Dice">Dice coefficient, see <see cref="SegmentationMetrics.PerClassDice"/>.</param>
/// <param name="Accuracy">Share of its pixels that were found, see <see cref="SegmentationMetrics.PerClassAccuracy"/>.</param>
/// <param name="Pixels">The number of its true pixels.</param>
public sealed record ClassMetrics(int Id, string Name, double? IoU, double? Dice, double? Accuracy, long Pixels);
