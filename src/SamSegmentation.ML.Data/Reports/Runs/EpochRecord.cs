namespace SamSegmentation.ML.Reports.Runs;

/// <summary>An epoch of a run's log.</summary>
/// <param name="Epoch">Its number.</param>
/// <param name="Step">Steps up to its end.</param>
/// <param name="TrainingLoss">Its mean loss.</param>
/// <param name="TrainingMeanIoU">mIoU on the training images; null when it was not measured.</param>
/// <param name="ValidationLoss">The validation's loss; null when it was not validated.</param>
/// <param name="ValidationMeanIoU">The validation's mIoU; null when it was not validated.</param>
/// <param name="ClassIoU">The validation's IoU of each class; empty when it was not validated.</param>
internal sealed record EpochRecord(
    int Epoch,
    long Step,
    double TrainingLoss,
    double? TrainingMeanIoU,
    double? ValidationLoss,
    double? ValidationMeanIoU,
    IReadOnlyList<double?> ClassIoU);
