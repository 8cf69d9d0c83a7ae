using Microsoft.ML;
using Microsoft.ML.Data;

namespace SamSegmentation.Stack.Tests.MicrosoftML;

/// <summary>A data view that remembers what was asked of it.</summary>
internal sealed class RecordingView(IDataView source) : IDataView
{
    /// <summary>The names of the columns that each cursor was asked for.</summary>
    public List<string[]> Asked { get; } = [];

    public List<Random?> Randoms { get; } = [];

    public List<int> SetSizes { get; } = [];

    public int Moves { get; private set; }

    public int Disposed { get; private set; }

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        Asked.Add(Array.ConvertAll(columns, column => column.Name));
        Randoms.Add(rand);
        return new Cursor(this, source.GetRowCursor(columns, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        SetSizes.Add(n);
        return [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Cursor(RecordingView view, DataViewRowCursor input) : DataViewRowCursor
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => input.Schema;

        public override bool MoveNext()
        {
            view.Moves++;
            return input.MoveNext();
        }

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
