using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row mapper over one schema: the input columns and the added ones together.</summary>
internal sealed class BoundRowMapper : IRowToRowMapper
{
    private readonly IRowMapper _mapper;
    // An input column by its index, an added one by the complement of its index.
    private readonly int[] _origins;

    public BoundRowMapper(DataViewSchema inputSchema, IRowMapper mapper)
    {
        InputSchema = inputSchema;
        _mapper = mapper;
        (_origins, OutputSchema) = Merge(inputSchema, mapper.OutputColumns);
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        GetDependencies(RowGetters.Active(dependingColumns, OutputSchema));

    public IEnumerable<DataViewSchema.Column> GetDependencies(bool[] active)
    {
        var needed = new HashSet<int>();
        for (var i = 0; i < _origins.Length; i++)
        {
            if (!active[i])
                continue;
            if (_origins[i] >= 0)
                needed.Add(_origins[i]);
            else
                needed.UnionWith(_mapper.Dependencies(~_origins[i]).Select(column => column.Index));
        }

        return InputSchema.Where(column => needed.Contains(column.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.Check(input.Schema == InputSchema, "Schema of input row must be the same as the schema the mapper is bound to");
        return new MappedRow(input, Getters(input, RowGetters.Active(activeColumns, OutputSchema)));
    }

    public MappedGetters Getters(DataViewRow input, bool[] active)
    {
        var activeOutputs = new bool[_mapper.OutputColumns.Length];
        for (var i = 0; i < _origins.Length; i++)
        {
            if (_origins[i] < 0)
                activeOutputs[~_origins[i]] = active[i];
        }

        var getters = _mapper.CreateGetters(input, activeOutputs, out var disposer);
        return new MappedGetters(OutputSchema, _origins, input, getters, disposer);
    }

    /// <summary>An added column comes right after the last one of its name, which it hides; with a new name at the end.</summary>
    private static (int[] Origins, DataViewSchema Schema) Merge(DataViewSchema input, DataViewSchema.DetachedColumn[] added)
    {
        var columns = input.Select(column => (Origin: column.Index, Column: new DataViewSchema.DetachedColumn(column))).ToList();
        for (var i = 0; i < added.Length; i++)
        {
            var name = added[i].Name;
            var hidden = columns.FindLastIndex(column => column.Column.Name == name);
            columns.Insert(hidden < 0 ? columns.Count : hidden + 1, (~i, added[i]));
        }

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns.Select(column => column.Column));
        return ([.. columns.Select(column => column.Origin)], builder.ToSchema());
    }
}
