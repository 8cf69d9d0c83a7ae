using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Pipeline.Columns;

namespace SamSegmentation.ML.Pipeline.Loading;

/// <summary>
/// A dataset as a data view: <c>Id</c>, <c>Image</c>, <c>Label</c>, <c>Height</c>, <c>Width</c>, <c>ImagePath</c>,
/// <c>LabelPath</c>. Files are decoded when a cursor's getter is called, and only those of active columns.
/// </summary>
internal sealed class SegmentationDataView : IDataView
{
    private readonly SegmentationDataset _dataset;

    public SegmentationDataView(SegmentationDataset dataset)
    {
        _dataset = dataset;
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Id", TextDataViewType.Instance);
        builder.AddColumn("Image", AnyImage.Type);
        builder.AddColumn("Label", LabelVector.TypeOf(dataset.Classes.Count), ClassNames.ToAnnotations(dataset.Classes.Names));
        builder.AddColumn("Height", NumberDataViewType.Int32);
        builder.AddColumn("Width", NumberDataViewType.Int32);
        builder.AddColumn("ImagePath", TextDataViewType.Instance);
        builder.AddColumn("LabelPath", TextDataViewType.Instance);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _dataset.Samples.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        int[] order = [.. Enumerable.Range(0, _dataset.Samples.Count)];
        rand?.Shuffle(order);
        return new SegmentationCursor(_dataset, Schema, ColumnGetter.Active(Schema, columnsNeeded), order);
    }

    // One cursor whatever is asked for: whoever trains or predicts wants the rows in one order.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
