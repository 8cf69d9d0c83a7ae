using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
    where TLastTransformer : class, ITransformer
{
    public readonly IEstimator<TLastTransformer> LastEstimator;

    private readonly EstimatorStep[] _steps;

    public EstimatorChain() => _steps = [];

    private EstimatorChain(EstimatorStep[] steps)
    {
        _steps = steps;
        LastEstimator = steps[^1].Estimator as IEstimator<TLastTransformer>;
    }

    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        // All steps look at the columns before the first of them works.
        _ = GetOutputSchema(SchemaShape.Create(input.Schema));
        var current = input;
        var transformers = new ITransformer[_steps.Length];
        for (var i = 0; i < _steps.Length; i++)
        {
            transformers[i] = _steps[i].Estimator.Fit(current);
            current = transformers[i].Transform(current);
            if (_steps[i].CacheAfter && i < _steps.Length - 1)
                current = new CacheView(current);
        }

        return new TransformerChain<TLastTransformer>(transformers, _steps.Select(step => step.Scope));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        _steps.Aggregate(inputSchema, (schema, step) => step.Estimator.GetOutputSchema(schema));

    public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
        where TNewTrans : class, ITransformer
    {
        Contracts.CheckValue(estimator, nameof(estimator));
        return new EstimatorChain<TNewTrans>([.. _steps, new(estimator, scope, CacheAfter: false)]);
    }

    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
    {
        Contracts.CheckValue(env, nameof(env));
        if (_steps.Length == 0)
            throw new InvalidOperationException("Current estimator chain has no estimator, can't append cache checkpoint.");
        return _steps[^1].CacheAfter ? this : new EstimatorChain<TLastTransformer>([.. _steps[..^1], _steps[^1] with { CacheAfter = true }]);
    }
}
