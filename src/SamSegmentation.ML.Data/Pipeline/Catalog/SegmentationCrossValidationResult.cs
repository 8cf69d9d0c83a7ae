using SamSegmentation.ML.Evaluation;

namespace Microsoft.ML;

/// <summary>One fold of a cross-validation.</summary>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="Model">The model that was trained on the other folds, which the caller disposes when it is disposable.</param>
/// <param name="Metrics">Its metrics on this fold.</param>
/// <param name="ScoredHoldOutSet">This fold's rows with the model's predictions; usable as long as the model is not disposed.</param>
public sealed record SegmentationCrossValidationResult(int Fold, ITransformer Model, SegmentationMetrics Metrics, IDataView ScoredHoldOutSet);
