using Microsoft.ML;
using Microsoft.ML.Data;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>A data view that counts its cursors.</summary>
internal sealed class CountingView(IDataView source) : IDataView
{
    public int Opened { get; private set; }

    public int Disposed { get; private set; }

    /// <summary>The columns that the last cursor was asked for.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        Opened++;
        var columns = columnsNeeded.ToList();
        Columns = [.. columns.Select(column => column.Name).Order()];
        return new Cursor(this, source.GetRowCursor(columns, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(CountingView view, DataViewRowCursor input) : DataViewRowCursor
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => input.Schema;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            view.Disposed++;
            input.Dispose();
        }
    }
}
