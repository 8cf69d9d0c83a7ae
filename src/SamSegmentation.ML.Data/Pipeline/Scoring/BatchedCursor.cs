using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Pipeline.Columns;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>
/// Goes through rows that another thread reads ahead: at most two batches. The network runs on a batch when the first
/// of its predictions is asked for.
/// </summary>
internal sealed class BatchedCursor : DataViewRowCursor
{
    private readonly SegmentationMapping _mapping;
    private readonly DataViewRowCursor _input;
    private readonly bool[] _active;
    private readonly BufferedColumn?[] _buffers;
    private readonly Delegate?[] _added;
    private readonly IEnumerator<BufferedBatch> _batches;
    private BufferedBatch? _batch;
    private int _row;

    public BatchedCursor(SegmentationMapping mapping, DataViewRowCursor input, bool[] active, ImageScorer scorer, int batchSize)
    {
        _mapping = mapping;
        _input = input;
        _active = active;
        _buffers = new BufferedColumn?[input.Schema.Count];
        for (var i = 0; i < active.Length; i++)
        {
            if (active[i] && mapping.Schema.InputOf(i) is { } source)
                _buffers[source.Index] = BufferedColumn.Create(input, source);
        }
        _added = mapping.CreateGetters(() => CurrentBatch.Prediction(_row), mapping.Schema.ActiveAdded(active));
        var batches = Rows(scorer).Chunk(batchSize).Select(rows => new BufferedBatch(rows, scorer));
        _batches = ReadAhead.Enumerate(batches, capacity: 1, null, CancellationToken.None).GetEnumerator();
    }

    public override long Position => _batch is null ? -1 : CurrentRow.Position;

    public override long Batch => _batch is null ? 0 : CurrentRow.Batch;

    public override DataViewSchema Schema => _mapping.OutputSchema;

    private BufferedBatch CurrentBatch =>
        _batch ?? throw new InvalidOperationException("The cursor is not at a row: MoveNext was not called, or it returned false.");

    private BufferedRow CurrentRow => CurrentBatch.Rows[_row];

    public override bool MoveNext()
    {
        if (_batch is not null && _row + 1 < _batch.Rows.Length)
        {
            _row++;
            return true;
        }
        _batch = _batches.MoveNext() ? _batches.Current : null;
        _row = 0;
        return _batch is not null;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = CurrentRow.Id;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_active[column.Index])
            return ColumnGetter.Typed<TValue>(column, null);
        return ColumnGetter.Typed<TValue>(column, _mapping.Schema.InputOf(column.Index) is { } source
            ? _buffers[source.Index]!.CreateGetter(() => CurrentRow.Values[source.Index]!)
            : _added[_mapping.Schema.AddedOf(column.Index)]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // First the thread that reads the rows below, then those.
            _batches.Dispose();
            _input.Dispose();
        }
        base.Dispose(disposing);
    }

    private IEnumerable<BufferedRow> Rows(ImageScorer scorer)
    {
        var getId = _input.GetIdGetter();
        // A passed-on image is read once for both uses.
        var read = _buffers[_mapping.Image.Index] is not null ? null : ImageColumn.Reader(_input, _mapping.Image);
        while (_input.MoveNext())
        {
            DataViewRowId id = default;
            getId(ref id);
            var row = new BufferedRow(_input.Position, _input.Batch, id, Array.ConvertAll(_buffers, column => column?.Capture()));
            try
            {
                var image = read is null ? _mapping.ReadImage(row.Values[_mapping.Image.Index]!, row.Position) : read();
                row.SetInput(scorer.Prepare(image));
            }
            catch (Exception e)
            {
                // It belongs to this row alone, and to whoever asks for its prediction.
                row.Fail(ExceptionDispatchInfo.Capture(e));
            }
            yield return row;
        }
    }
}
