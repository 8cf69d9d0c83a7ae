using Microsoft.ML;
using Microsoft.ML.Data;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Chains;

/// <summary>A transformer as a third party writes it: adds <c>output = input·factor</c> to each row, and counts what is done to it.</summary>
internal sealed class ScalingTransformer(string input, string output, float factor) : ITransformer, IDisposable
{
    public int Computed { get; private set; }

    public int Transforms { get; private set; }

    public int Disposed { get; private set; }

    /// <summary>The names of the columns that rows were asked for.</summary>
    public List<string> Asked { get; } = [];

    public bool IsRowToRowMapper { get; init; } = true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new Mapper(this, inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        Transforms++;
        return new View(this, input);
    }

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    public void Save(ModelSaveContext ctx) => throw new NotSupportedException("a scaling transformer is not saved");

    public void Dispose() => Disposed++;

    private sealed class Mapper : IRowToRowMapper
    {
        private readonly ScalingTransformer _parent;

        public Mapper(ScalingTransformer parent, DataViewSchema inputSchema)
        {
            _parent = parent;
            InputSchema = inputSchema;
            _ = inputSchema[parent.InputName];
            var builder = new DataViewSchema.Builder();
            builder.AddColumns(inputSchema);
            builder.AddColumn(parent.OutputName, NumberDataViewType.Single);
            OutputSchema = builder.ToSchema();
        }

        public DataViewSchema InputSchema { get; }

        public DataViewSchema OutputSchema { get; }

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        {
            var names = dependingColumns.Select(column => column.Name).ToHashSet();
            return InputSchema.Where(
                column => names.Contains(column.Name) || (column.Name == _parent.InputName && names.Contains(_parent.OutputName)));
        }

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        {
            _parent.Asked.AddRange(activeColumns.Select(column => column.Name));
            return new Row(_parent, input, OutputSchema);
        }
    }

    private string InputName => input;

    private string OutputName => output;

    private ValueGetter<float> Getter(DataViewRow row)
    {
        var get = row.GetGetter<float>(row.Schema[input]);
        return (ref float value) =>
        {
            get(ref value);
            value *= factor;
            Computed++;
        };
    }

    private sealed class Row(ScalingTransformer parent, DataViewRow input, DataViewSchema schema) : DataViewRow
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) =>
            column.Index == schema.Count - 1 || input.IsColumnActive(input.Schema[column.Index]);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            column.Index == schema.Count - 1
                ? (ValueGetter<TValue>)(Delegate)parent.Getter(input)
                : input.GetGetter<TValue>(input.Schema[column.Index]);

        protected override void Dispose(bool disposing) => input.Dispose();
    }

    private sealed class View(ScalingTransformer parent, IDataView source) : IDataView
    {
        private readonly Mapper _mapper = new(parent, source.Schema);

        public bool CanShuffle => source.CanShuffle;

        public DataViewSchema Schema => _mapper.OutputSchema;

        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new Cursor(source.GetRowCursor(_mapper.GetDependencies(columnsNeeded), rand), parent, Schema);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Cursor(DataViewRowCursor input, ScalingTransformer parent, DataViewSchema schema) : DataViewRowCursor
    {
        private readonly Row _row = new(parent, input, schema);

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => schema;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing) => _row.Dispose();
    }
}
