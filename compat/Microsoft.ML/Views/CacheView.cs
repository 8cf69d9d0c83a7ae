namespace Microsoft.ML.Data;

/// <summary>
/// Keeps columns in memory once they have been asked for. Columns that cannot be copied are gone. The real one fills
/// its cache in the background while rows are read; this one before the first row.
/// </summary>
internal sealed class CacheView : IDataView
{
    private readonly IDataView _source;
    private readonly ColumnStore[] _stores;
    private readonly Lock _lock = new();
    private int? _count;

    public CacheView(IDataView source)
    {
        _source = SelectedColumnsView.OfCopyable(source);
        _stores = new ColumnStore[_source.Schema.Count];
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _count ?? _source.GetRowCount();

    public void Fill(bool[] active)
    {
        lock (_lock)
        {
            DataViewSchema.Column[] columns = [.. Schema.Where(column => active[column.Index] && _stores[column.Index] is null)];
            if (columns.Length == 0 && _count is not null)
                return;
            using var cursor = _source.GetRowCursor(columns);
            var stores = Array.ConvertAll(columns, column => ColumnStore.Create(column.Type));
            Action<int>[] writers = [.. columns.Zip(stores, (column, store) => store.Writer(cursor, column))];
            var count = 0;
            for (; cursor.MoveNext(); count++)
            {
                foreach (var write in writers)
                    write(count);
            }

            for (var i = 0; i < columns.Length; i++)
                _stores[columns[i].Index] = stores[i];
            _count = count;
        }
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = RowGetters.Active(columnsNeeded, Schema);
        Fill(active);
        int[] order = [.. Enumerable.Range(0, _count.Value)];
        for (var i = 0; rand is not null && i < order.Length; i++)
        {
            var other = i + rand.Next(order.Length - i);
            (order[i], order[other]) = (order[other], order[i]);
        }

        return new Cursor(this, active, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(CacheView view, bool[] active, int[] order) : StoreCursor(view._stores, view.Schema, active)
    {
        protected override int Slot => order[(int)Position];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            CheckGood();
            id = new DataViewRowId((ulong)Slot, 0);
        };

        protected override bool Advance() => Position + 1 < order.Length;
    }
}
