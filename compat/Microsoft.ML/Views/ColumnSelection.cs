namespace Microsoft.ML.Data;

/// <summary>Which column of an input each output column is.</summary>
internal sealed class ColumnSelection
{
    private readonly int[] _sources;

    public ColumnSelection(DataViewSchema inputSchema, int[] sources)
    {
        InputSchema = inputSchema;
        _sources = sources;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(sources.Select(source => inputSchema[source]));
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public DataViewSchema.Column Source(DataViewSchema.Column output) => InputSchema[_sources[output.Index]];

    public IEnumerable<DataViewSchema.Column> Sources(bool[] active) => OutputSchema.Where(column => active[column.Index]).Select(Source);
}
