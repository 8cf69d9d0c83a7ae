using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of the source that a condition accepts.</summary>
internal sealed class FilterView : IDataView
{
    private readonly IDataView _source;
    private readonly DataViewSchema.Column[] _inputs;
    private readonly Func<DataViewRow, Func<bool>> _makeCondition;

    /// <param name="source">The rows to choose from.</param>
    /// <param name="schema">The source's schema or an equal one.</param>
    /// <param name="canShuffle">Whether the condition is the same whatever the order of the rows.</param>
    /// <param name="inputs">The columns that the condition reads.</param>
    /// <param name="makeCondition">Makes the condition on the current row of a cursor.</param>
    public FilterView(
        IDataView source, DataViewSchema schema, bool canShuffle, DataViewSchema.Column[] inputs, Func<DataViewRow, Func<bool>> makeCondition)
    {
        _source = source;
        _inputs = inputs;
        _makeCondition = makeCondition;
        Schema = schema;
        CanShuffle = canShuffle && source.CanShuffle;
    }

    public bool CanShuffle { get; }

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = RowGetters.Active(columnsNeeded, Schema);
        var needed = _source.Schema.Where(column => active[column.Index] || _inputs.Any(input => input.Index == column.Index));
        return new Cursor(this, _source.GetRowCursor(needed, CanShuffle ? rand : null), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : PassThroughCursor
    {
        private readonly FilterView _view;
        private readonly bool[] _active;
        private readonly Func<bool> _accepts;
        private long _position = -1;

        public Cursor(FilterView view, DataViewRowCursor input, bool[] active)
            : base(input)
        {
            _view = view;
            _active = active;
            _accepts = view._makeCondition(input);
        }

        public override long Position => _position;

        public override DataViewSchema Schema => _view.Schema;

        public override bool MoveNext()
        {
            while (Input.MoveNext())
            {
                if (_accepts())
                {
                    _position++;
                    return true;
                }
            }

            _position = -1;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Contracts.Check(IsColumnActive(column));
            return Input.GetGetter<TValue>(Input.Schema[column.Index]);
        }
    }
}
