using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ColumnSelectingTransformer), null, typeof(SignatureLoadModel), "Select Columns Transform", ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Keeps the columns that are named, in that order, or drops them.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private readonly IHost _host;
    private readonly string[] _names;
    private readonly bool _keep;
    private readonly bool _keepHidden;
    private readonly bool _ignoreMissing;

    internal ColumnSelectingTransformer(IHostEnvironment env, string[] names, bool keep, bool keepHidden, bool ignoreMissing)
    {
        _host = env.Register(nameof(ColumnSelectingTransformer));
        _host.Check(names is { Length: > 0 }, "Neither keepColumns and dropColumns is set. Exactly one must be specified.");
        _names = names;
        _keep = keep;
        _keepHidden = keepHidden;
        _ignoreMissing = ignoreMissing;
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return Select(inputSchema).OutputSchema;
    }

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new SelectedColumnsView(input, Select(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return new Mapper(Select(inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write(_keep);
        ctx.Writer.Write(_keepHidden);
        ctx.Writer.Write(_ignoreMissing);
        ctx.Writer.Write(_names.Length);
        foreach (var name in _names)
            ctx.SaveNonEmptyString(name);
    }

    internal bool Keeps(string name) => _names.Contains(name) == _keep;

    internal void CheckColumns(IEnumerable<string> columns, string parameter)
    {
        var missing = _names.Except(columns).ToArray();
        if (!_ignoreMissing && missing.Length > 0)
            throw _host.ExceptSchemaMismatch(parameter, "input", string.Join(",", missing));
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "SELCOLST",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: LoaderAssembly.Data);

    private static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        var (keep, keepHidden, ignoreMissing) = (ctx.Reader.ReadBoolean(), ctx.Reader.ReadBoolean(), ctx.Reader.ReadBoolean());
        var names = new string[ctx.Reader.ReadInt32()];
        for (var i = 0; i < names.Length; i++)
            names[i] = ctx.LoadNonEmptyString();
        return new ColumnSelectingTransformer(env, names, keep, keepHidden, ignoreMissing);
    }

    private ColumnSelection Select(DataViewSchema inputSchema)
    {
        CheckColumns(inputSchema.Select(column => column.Name), nameof(inputSchema));
        // Dropping drops every column of a name and spares the hidden ones of others.
        var chosen = _keep
            ? _names.SelectMany(name => inputSchema.Where(column => column.Name == name && (_keepHidden || !column.IsHidden)))
            : inputSchema.Where(column => !_names.Contains(column.Name));
        return new ColumnSelection(inputSchema, [.. chosen.Select(column => column.Index)]);
    }

    private sealed class Mapper(ColumnSelection selection) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => selection.InputSchema;

        public DataViewSchema OutputSchema => selection.OutputSchema;

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
            selection.Sources(RowGetters.Active(dependingColumns, OutputSchema)).OrderBy(column => column.Index);

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new SelectedRow(input, selection);
    }

    private sealed class SelectedRow(DataViewRow input, ColumnSelection selection) : DataViewRow
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => selection.OutputSchema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(selection.Source(column));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
        }
    }
}
