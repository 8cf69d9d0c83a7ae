using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The one row of a prediction engine: each object that is set is the next position.</summary>
internal sealed class InputRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly ObjectRow<TRow> _row;
    private readonly IHost _host;
    private TRow _current;
    private long _position = -1;

    public InputRow(IHostEnvironment env, RowClassColumn[] columns)
    {
        _host = env.Register("Row");
        Schema = RowClassColumn.Schema(columns);
        _row = new ObjectRow<TRow>(_host, columns, _ => true, Current);
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    public void Set(TRow row)
    {
        _host.CheckValue(row, nameof(row));
        _current = row;
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    private TRow Current()
    {
        _host.Check(_position >= 0, RowGetters.NoCurrentRow);
        return _current;
    }
}
