using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The mappers of a chain, one after the other.</summary>
internal sealed class CompositeRowToRowMapper : IRowToRowMapper
{
    private readonly IRowToRowMapper[] _mappers;

    public CompositeRowToRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers)
    {
        _mappers = mappers;
        InputSchema = inputSchema;
        OutputSchema = mappers.Length == 0 ? inputSchema : mappers[^1].OutputSchema;
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        _mappers.Reverse().Aggregate(dependingColumns, (columns, mapper) => mapper.GetDependencies(columns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Contracts.CheckParam(input.Schema == InputSchema, nameof(input), "Schema did not match original schema");
        var active = activeColumns.Select(column => column.Index).ToHashSet();
        if (_mappers.Length == 0)
        {
            var missing = InputSchema.Where(column => active.Contains(column.Index) && !input.IsColumnActive(column)).ToArray();
            return missing.Length == 0 ? input : throw Contracts.ExceptParam(nameof(input), $"Mapper required column '{missing[0].Name}' active but it was not.");
        }

        // Each mapper is asked for what the next one needs, the last for what the caller wants.
        var needed = new IEnumerable<DataViewSchema.Column>[_mappers.Length];
        needed[^1] = OutputSchema.Where(column => active.Contains(column.Index));
        for (var i = _mappers.Length - 1; i > 0; i--)
            needed[i - 1] = _mappers[i].GetDependencies(needed[i]);
        return _mappers.Zip(needed).Aggregate(input, (row, step) => step.First.GetRow(row, step.Second));
    }
}
