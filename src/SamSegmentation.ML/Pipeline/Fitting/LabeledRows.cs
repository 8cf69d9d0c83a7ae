using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline.Columns;

namespace SamSegmentation.ML.Pipeline.Fitting;

/// <summary>Rows of a data view as photographs with class ids, read one after another as they are asked for.</summary>
/// <param name="imageColumn">The photographs' column.</param>
/// <param name="labelColumn">The class ids' column.</param>
/// <param name="colors">The classes' colours in masks; null for masks of ids.</param>
/// <param name="classes">The number of classes.</param>
internal sealed class LabeledRows(string imageColumn, string labelColumn, ColorMap? colors, int classes)
{
    private const string IdColumn = "Id";

    /// <summary>Checks the columns.</summary>
    /// <exception cref="ArgumentException">One is missing or of a wrong type.</exception>
    public void Check(DataViewSchema schema)
    {
        ImageColumn.Find(schema, imageColumn);
        LabelColumn.Find(schema, labelColumn);
    }

    /// <summary>Passes over a data view once. Its cursor is open while the rows are enumerated.</summary>
    /// <param name="data">The data view.</param>
    /// <param name="role">What it is, for messages.</param>
    /// <exception cref="SegmentationDataException">A row cannot be used.</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public IEnumerable<LabeledImage> Read(IDataView data, string role)
    {
        var image = ImageColumn.Find(data.Schema, imageColumn);
        var label = LabelColumn.Find(data.Schema, labelColumn);
        var id = data.Schema.GetColumnOrNull(IdColumn) is { Type: TextDataViewType } found ? found : (DataViewSchema.Column?)null;
        using var cursor = data.GetRowCursor(new[] { image, label, id }.OfType<DataViewSchema.Column>());
        var readImage = ImageColumn.Reader(cursor, image);
        var readLabel = new LabelColumn(colors).Reader(cursor, label);
        var getId = id is null ? null : cursor.GetGetter<ReadOnlyMemory<char>>(id.Value);
        var any = false;
        for (; cursor.MoveNext(); any = true)
        {
            ReadOnlyMemory<char> name = default;
            getId?.Invoke(ref name);
            var photo = readImage();
            var map = ToMap(readLabel(), photo, label.Name, cursor.Position);
            yield return new LabeledImage(name.IsEmpty ? $"row {cursor.Position}" : name.ToString(), photo, map);
        }
        if (!any)
            throw new InvalidOperationException($"The {role} set is empty: its data view with columns '{imageColumn}' and '{labelColumn}' has no rows.");
    }

    private LabelMap ToMap(LabelPixels label, RgbImage photo, string column, long row)
    {
        if (!label.Fits(photo.Height, photo.Width))
            throw new SegmentationDataException(column, row, $"the label is {label.Describe()}, its image in column '{imageColumn}' {photo.Width}×{photo.Height} ({(long)photo.Width * photo.Height} pixels).");
        var voidId = LabelVector.VoidIdOf(classes);
        for (var i = 0; i < label.Ids.Length; i++)
        {
            if (label.Ids[i] >= classes && label.Ids[i] != voidId)
                throw new SegmentationDataException(column, row, $"pixel (x {i % photo.Width}, y {i / photo.Width}) has id {label.Ids[i]}; expected 0 to {classes - 1}, or {voidId} for void.");
        }
        return new LabelMap(photo.Height, photo.Width, label.Ids);
    }
}
