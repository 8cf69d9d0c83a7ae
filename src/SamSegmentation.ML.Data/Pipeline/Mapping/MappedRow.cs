using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Pipeline.Columns;

namespace SamSegmentation.ML.Pipeline.Mapping;

/// <summary>A row with added columns; it owns the row below.</summary>
internal sealed class MappedRow(RowMapping mapping, DataViewRow input, Delegate?[] added) : DataViewRow
{
    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => mapping.OutputSchema;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        mapping.Schema.InputOf(column.Index) is { } source ? input.IsColumnActive(source) : added[mapping.Schema.AddedOf(column.Index)] is not null;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        mapping.Schema.InputOf(column.Index) is { } source
            ? input.GetGetter<TValue>(source)
            : ColumnGetter.Typed<TValue>(column, added[mapping.Schema.AddedOf(column.Index)]);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
