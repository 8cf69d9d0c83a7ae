namespace Microsoft.ML.Data;

/// <summary>Some of the source's columns, in an order of their own.</summary>
internal sealed class SelectedColumnsView : IDataView
{
    private readonly IDataView _source;
    private readonly ColumnSelection _selection;

    public SelectedColumnsView(IDataView source, ColumnSelection selection)
    {
        _source = source;
        _selection = selection;
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _selection.OutputSchema;

    /// <summary>
    /// The view without the columns whose values cannot be copied, such as images: what keeps rows in memory leaves
    /// those out without a word.
    /// </summary>
    public static IDataView OfCopyable(IDataView source)
    {
        int[] kept = [.. source.Schema.Where(column => column.Type is PrimitiveDataViewType or VectorDataViewType).Select(column => column.Index)];
        return kept.Length == source.Schema.Count ? source : new SelectedColumnsView(source, new ColumnSelection(source.Schema, kept));
    }

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = RowGetters.Active(columnsNeeded, Schema);
        return new Cursor(_source.GetRowCursor(_selection.Sources(active), rand), _selection, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = RowGetters.Active(columnsNeeded, Schema);
        return Array.ConvertAll(
            _source.GetRowCursorSet(_selection.Sources(active), n, rand), input => (DataViewRowCursor)new Cursor(input, _selection, active));
    }

    private sealed class Cursor(DataViewRowCursor input, ColumnSelection selection, bool[] active) : PassThroughCursor(input)
    {
        public override DataViewSchema Schema => selection.OutputSchema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(selection.Source(column));
    }
}
