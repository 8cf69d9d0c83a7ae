namespace Microsoft.ML.Data;

/// <summary>The rows of the source from one position on, up to a count. The order is the source's own, whoever asks for another.</summary>
internal sealed class SkipTakeView : IDataView
{
    private readonly IDataView _source;
    private readonly long _skip;
    private readonly long _take;

    public SkipTakeView(IDataView source, long skip, long take)
    {
        _source = source;
        _skip = skip;
        _take = take;
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount() is { } count ? Math.Clamp(count - _skip, 0, _take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(_source.GetRowCursor(columnsNeeded), _skip, _take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor input, long skip, long take) : PassThroughCursor(input)
    {
        private long _position = -1;
        private bool _started;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => Input.Schema;

        public override bool MoveNext()
        {
            for (; !_started && skip > 0; skip--)
            {
                if (!Input.MoveNext())
                    return false;
            }

            _started = true;
            if (take > 0 && Input.MoveNext())
            {
                take--;
                _position++;
                return true;
            }

            _position = -1;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);
    }
}
