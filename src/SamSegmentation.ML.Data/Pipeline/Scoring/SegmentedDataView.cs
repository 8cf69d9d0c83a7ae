using Microsoft.ML;
using SamSegmentation.ML.Pipeline.Columns;
using SamSegmentation.ML.Pipeline.Mapping;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>A data view with predictions. Rows are decoded ahead of the network, which takes them in batches.</summary>
internal sealed class SegmentedDataView(IDataView source, SegmentationMapping mapping, SegmentationTransformer parent) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapping.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = ColumnGetter.Active(Schema, columnsNeeded);
        var input = source.GetRowCursor(mapping.DependenciesOf(active), rand);
        // Without predictions there is nothing to batch.
        return mapping.Schema.ActiveAdded(active).Contains(true)
            ? new BatchedCursor(mapping, input, active, parent.CreateScorer(), parent.BatchSize)
            : new MappedCursor(mapping, input, active);
    }

    // One cursor whatever is asked for: the network is shared by all, and one keeps it busy.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
