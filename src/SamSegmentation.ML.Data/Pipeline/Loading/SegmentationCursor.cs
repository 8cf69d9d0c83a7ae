using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Pipeline.Columns;

namespace SamSegmentation.ML.Pipeline.Loading;

/// <summary>Goes through a dataset's samples in a given order.</summary>
internal sealed class SegmentationCursor : DataViewRowCursor
{
    private readonly SegmentationDataset _dataset;
    private readonly bool[] _active;
    private readonly int[] _order;
    private readonly Delegate?[] _getters;
    private int _next;
    private int _position = -1;

    public SegmentationCursor(SegmentationDataset dataset, DataViewSchema schema, bool[] active, int[] order)
    {
        _dataset = dataset;
        _active = active;
        _order = order;
        Schema = schema;
        Delegate[] getters =
        [
            Text(sample => sample.Id),
            (ValueGetter<MLImage>)GetImage,
            LabelVector.IsWide(dataset.Classes.Count) ? (ValueGetter<VBuffer<ushort>>)GetWideLabel : (ValueGetter<VBuffer<byte>>)GetLabel,
            Number(sample => sample.Height),
            Number(sample => sample.Width),
            Text(sample => sample.ImagePath),
            Text(sample => sample.MaskPath),
        ];
        _getters = [.. getters.Select((getter, i) => active[i] ? getter : null)];
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    private int Current => _position >= 0
        ? _order[_position]
        : throw new InvalidOperationException("The cursor is not at a row: MoveNext was not called, or it returned false.");

    public override bool MoveNext()
    {
        var hasRow = _next < _order.Length;
        _position = hasRow ? _next++ : -1;
        return hasRow;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        // The sample's own number, so that a row keeps its id when the order changes.
        (ref DataViewRowId id) => id = new DataViewRowId((ulong)Current, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        ColumnGetter.Typed<TValue>(column, _getters[column.Index]);

    private ValueGetter<ReadOnlyMemory<char>> Text(Func<SegmentationSample, string> text) =>
        (ref ReadOnlyMemory<char> value) => value = text(_dataset.Samples[Current]).AsMemory();

    private ValueGetter<int> Number(Func<SegmentationSample, int> number) =>
        (ref int value) => value = number(_dataset.Samples[Current]);

    // The image before is not disposed: whoever holds a row's objects may still look at it.
    private void GetImage(ref MLImage value)
    {
        var index = Current;
        value = Values.Read("Image", _position, () => _dataset.ReadMLImage(index));
        value.Tag = _dataset.Samples[index].ImagePath;
    }

    private void GetLabel(ref VBuffer<byte> value) => LabelVector.Fill(ReadLabel(), ref value);

    private void GetWideLabel(ref VBuffer<ushort> value) => LabelVector.Fill(ReadLabel(), ref value);

    private ushort[] ReadLabel()
    {
        var index = Current;
        return Values.Read("Label", _position, () => _dataset.ReadLabel(index).Ids);
    }
}
