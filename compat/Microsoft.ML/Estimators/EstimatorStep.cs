namespace Microsoft.ML.Data;

/// <summary>One estimator of a chain, when its transformer is used, and whether its output is kept in memory for the next.</summary>
internal sealed record EstimatorStep(IEstimator<ITransformer> Estimator, TransformerScope Scope, bool CacheAfter);
