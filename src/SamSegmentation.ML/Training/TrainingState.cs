namespace SamSegmentation.ML.Training;

/// <summary>Where a run stands, beside the weights and the optimiser's state.</summary>
/// <param name="Epoch">Epochs that have ended.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="BestEpoch">The epoch of the highest validation mIoU, the first of equal ones; null before the first validation.</param>
/// <param name="BestMeanIoU">That mIoU.</param>
internal sealed record TrainingState(int Epoch = 0, long Step = 0, int? BestEpoch = null, double BestMeanIoU = double.NaN)
{
    /// <summary>Whether a validation mIoU is higher than all before; one of no classes (NaN) never is, unless it is the first.</summary>
    public bool IsBest(double meanIoU) => BestEpoch is null || meanIoU > BestMeanIoU || (double.IsNaN(BestMeanIoU) && !double.IsNaN(meanIoU));
}
