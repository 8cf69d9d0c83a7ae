using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Rows from objects. Each cursor enumerates anew.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IHost _host;
    private readonly IEnumerable<TRow> _rows;
    private readonly RowClassColumn[] _columns;

    public EnumerableDataView(IHostEnvironment env, IEnumerable<TRow> rows, RowClassColumn[] columns)
    {
        _host = env.Register("StreamingDataView");
        _rows = rows;
        _columns = columns;
        Schema = RowClassColumn.Schema(columns);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => (_rows as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, RowGetters.Active(columnsNeeded, Schema));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly EnumerableDataView<TRow> _view;
        private readonly IChannel _channel;
        private readonly ObjectRow<TRow> _row;
        private readonly IEnumerator<TRow> _rows;
        private TRow _current;
        private long _position = -1;
        private bool _disposed;

        public Cursor(EnumerableDataView<TRow> view, bool[] active)
        {
            _view = view;
            _channel = view._host.Start("Cursor");
            _row = new ObjectRow<TRow>(_channel, view._columns, i => active[i], () => _current);
            // Like the real one, this never disposes the enumerator: an iterator that is left early does not finish.
            _rows = view._rows.GetEnumerator();
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => _view.Schema;

        public override bool MoveNext()
        {
            if (_disposed)
                return false;
            var moved = _rows.MoveNext();
            _current = moved ? _rows.Current : null;
            if (moved && _current is null)
                throw _channel.Except("Encountered null when iterating over data, this is not supported.");
            if (moved)
                _position++;
            else
                Dispose();
            return moved;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            _channel.Check(_position >= 0, RowGetters.NoCurrentRow);
            id = new DataViewRowId((ulong)_position, 0);
        };

        public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (_disposed)
                return;
            _disposed = true;
            _position = -1;
            _channel.Dispose();
        }
    }
}
