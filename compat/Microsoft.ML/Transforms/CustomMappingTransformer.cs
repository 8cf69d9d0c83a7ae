using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Columns that a function computes from an object of the row. It cannot be saved here.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly IHost _host;
    private readonly Action<TSrc, TDst> _map;
    private readonly string _contractName;

    internal CustomMappingTransformer(
        IHostEnvironment env, Action<TSrc, TDst> map, string contractName, SchemaDefinition input, SchemaDefinition output)
    {
        _host = env.Register("CustomMappingTransformer");
        _host.CheckValue(map, "mapAction");
        _map = map;
        _contractName = contractName;
        InputDefinition = input;
        AddedColumns = RowClassColumn.Bind(typeof(TDst), output, SchemaDefinition.Direction.Write);
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal SchemaDefinition InputDefinition { get; }

    internal RowClassColumn[] AddedColumns { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new MappedDataView(input, Bind(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw (_contractName is null
        ? _host.Except("Empty contract name for a transform: the transform cannot be saved")
        : _host.ExceptNotSupp("Custom mappings with a contract are saved by the real library only"));

    private BoundRowMapper Bind(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return new BoundRowMapper(inputSchema, new Mapper(this, inputSchema));
    }

    private sealed class Mapper : IRowMapper
    {
        private readonly CustomMappingTransformer<TSrc, TDst> _parent;
        private readonly RowClassBinding<TSrc> _source;

        public Mapper(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema inputSchema)
        {
            _parent = parent;
            _source = new RowClassBinding<TSrc>(parent._host, inputSchema, ignoreMissingColumns: false, parent.InputDefinition);
            OutputColumns = [.. RowClassColumn.Schema(parent.AddedColumns).Select(column => new DataViewSchema.DetachedColumn(column))];
        }

        public DataViewSchema.DetachedColumn[] OutputColumns { get; }

        public IEnumerable<DataViewSchema.Column> Dependencies(int output) => _source.Sources;

        public Delegate[] CreateGetters(DataViewRow input, bool[] activeOutputs, out Action disposer)
        {
            disposer = null;
            if (!activeOutputs.Contains(true))
                return new Delegate[activeOutputs.Length];
            var source = new TSrc();
            var target = new TDst();
            var fill = _source.Filler(input);
            var served = -1L;
            // However many outputs are read, the function is called once for a row.
            TDst Current()
            {
                if (served != input.Position)
                {
                    fill(source);
                    _parent._map(source, target);
                    served = input.Position;
                }

                return target;
            }

            return [.. _parent.AddedColumns.Select((column, i) => activeOutputs[i] ? RowClassGetters<TDst>.Make(column, Current) : null)];
        }
    }
}
