using SamSegmentation.ML.Evaluation;

namespace SamSegmentation.ML.Reports.Runs;

/// <summary>A validation of a run's log in full.</summary>
/// <param name="Epoch">The epoch that was validated.</param>
/// <param name="IsBest">Whether it was the best so far.</param>
/// <param name="MeanIoU">Its mIoU.</param>
/// <param name="PixelAccuracy">The share of pixels whose class was found.</param>
/// <param name="MeanAccuracy">The mean of the classes' accuracies.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="Classes">The classes; their Dice coefficients are not in the log.</param>
/// <param name="Confusion">Pixels <c>[truth][prediction]</c>; null where the log has none.</param>
internal sealed record ValidationRecord(
    int Epoch,
    bool IsBest,
    double MeanIoU,
    double PixelAccuracy,
    double MeanAccuracy,
    double Loss,
    IReadOnlyList<ClassMetrics> Classes,
    IReadOnlyList<IReadOnlyList<long>>? Confusion);
