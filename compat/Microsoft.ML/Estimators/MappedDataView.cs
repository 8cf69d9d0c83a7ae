using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A data view with the columns that a row mapper adds, computed in the thread that reads them.</summary>
internal sealed class MappedDataView : IDataView
{
    private readonly IDataView _source;
    private readonly BoundRowMapper _mapper;

    public MappedDataView(IDataView source, BoundRowMapper mapper)
    {
        _source = source;
        _mapper = mapper;
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _mapper.OutputSchema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = RowGetters.Active(columnsNeeded, Schema);
        return new Cursor(_mapper, _source.GetRowCursor(_mapper.GetDependencies(active), CanShuffle ? rand : null), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = RowGetters.Active(columnsNeeded, Schema);
        return Array.ConvertAll(
            _source.GetRowCursorSet(_mapper.GetDependencies(active), n, rand), input => (DataViewRowCursor)new Cursor(_mapper, input, active));
    }

    private sealed class Cursor : PassThroughCursor
    {
        private readonly bool[] _active;
        private readonly MappedGetters _getters;

        public Cursor(BoundRowMapper mapper, DataViewRowCursor input, bool[] active)
            : base(input)
        {
            _active = active;
            _getters = mapper.Getters(input, active);
        }

        public override DataViewSchema Schema => _getters.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Contracts.Check(IsColumnActive(column));
            return _getters.GetGetter<TValue>(column);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _getters.Dispose();
            base.Dispose(disposing);
        }
    }
}
