using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ITransformer _transformer;
    private readonly bool _ownsTransformer;
    private readonly InputRow<TSrc> _input;
    private readonly Action<TDst> _fill;
    private bool _disposed;

    private protected PredictionEngineBase(
        IHostEnvironment env,
        ITransformer transformer,
        bool ignoreMissingColumns,
        SchemaDefinition inputSchemaDefinition,
        SchemaDefinition outputSchemaDefinition,
        bool ownsTransformer)
    {
        env.CheckValue(transformer, nameof(transformer));
        env.CheckParam(transformer.IsRowToRowMapper, nameof(transformer), "Must be a row to row mapper");
        _transformer = transformer;
        _ownsTransformer = ownsTransformer;
        _input = new InputRow<TSrc>(env, RowClassColumn.Bind(typeof(TSrc), inputSchemaDefinition, SchemaDefinition.Direction.Read));
        var mapper = transformer.GetRowToRowMapper(_input.Schema);
        var binding = new RowClassBinding<TDst>(env, mapper.OutputSchema, ignoreMissingColumns, outputSchemaDefinition);
        // Every column is asked for, whether the output class has it or not.
        _fill = binding.Filler(mapper.GetRow(_input, mapper.OutputSchema));
        OutputSchema = transformer.GetOutputSchema(_input.Schema);
    }

    public DataViewSchema OutputSchema { get; }

    public TDst Predict(TSrc example)
    {
        var result = new TDst();
        Predict(example, ref result);
        return result;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _input.Dispose();
        if (_ownsTransformer)
            (_transformer as IDisposable)?.Dispose();
    }

    private protected void ExtractValues(TSrc example) => _input.Set(example);

    private protected void FillValues(TDst prediction) => _fill(prediction);
}
