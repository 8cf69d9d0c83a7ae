using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor over rows that are kept in stores.</summary>
internal abstract class StoreCursor : DataViewRowCursor
{
    private readonly ColumnStore[] _stores;
    private readonly bool[] _active;
    private long _position = -1;
    private bool _done;

    protected StoreCursor(ColumnStore[] stores, DataViewSchema schema, bool[] active)
    {
        _stores = stores;
        _active = active;
        Schema = schema;
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    /// <summary>Where the current row is kept.</summary>
    protected abstract int Slot { get; }

    public override bool MoveNext()
    {
        if (!_done && Advance())
        {
            _position++;
            return true;
        }

        Dispose();
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Contracts.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
        return RowGetters.Typed<TValue>(null, _stores[column.Index].Getter(CurrentSlot));
    }

    protected abstract bool Advance();

    protected void CheckGood() => Contracts.Check(_position >= 0, RowGetters.NoCurrentRow);

    protected override void Dispose(bool disposing)
    {
        _done = true;
        _position = -1;
    }

    private int CurrentSlot()
    {
        CheckGood();
        return Slot;
    }
}
