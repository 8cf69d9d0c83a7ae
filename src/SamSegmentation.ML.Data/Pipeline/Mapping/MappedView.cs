using Microsoft.ML;
using SamSegmentation.ML.Pipeline.Columns;

namespace SamSegmentation.ML.Pipeline.Mapping;

/// <summary>A data view with added columns, each computed when a cursor's getter is called.</summary>
internal sealed class MappedView(IDataView source, RowMapping mapping) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapping.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ColumnGetter.Active(Schema, columnsNeeded);
        return new MappedCursor(mapping, source.GetRowCursor(mapping.DependenciesOf(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = ColumnGetter.Active(Schema, columnsNeeded);
        return [.. source.GetRowCursorSet(mapping.DependenciesOf(active), n, rand).Select(input => new MappedCursor(mapping, input, active))];
    }
}
