using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Pipeline.Columns;

namespace SamSegmentation.ML.Pipeline.Mapping;

/// <summary>A cursor with added columns, which moves with the cursor below and owns it.</summary>
internal sealed class MappedCursor : DataViewRowCursor
{
    private readonly RowMapping _mapping;
    private readonly DataViewRowCursor _input;
    private readonly bool[] _active;
    private readonly Delegate?[] _added;

    public MappedCursor(RowMapping mapping, DataViewRowCursor input, bool[] active)
    {
        _mapping = mapping;
        _input = input;
        _active = active;
        _added = mapping.CreateGetters(input, mapping.Schema.ActiveAdded(active));
    }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override DataViewSchema Schema => _mapping.OutputSchema;

    public override bool MoveNext() => _input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_active[column.Index])
            return ColumnGetter.Typed<TValue>(column, null);
        return _mapping.Schema.InputOf(column.Index) is { } source
            ? _input.GetGetter<TValue>(source)
            : ColumnGetter.Typed<TValue>(column, _added[_mapping.Schema.AddedOf(column.Index)]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
        base.Dispose(disposing);
    }
}
