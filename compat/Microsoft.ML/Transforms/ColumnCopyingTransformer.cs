using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(
    typeof(ColumnCopyingTransformer), null, typeof(SignatureLoadModel), "Copy Columns Transform", ColumnCopyingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "CopyTransform";

    internal ColumnCopyingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(ColumnCopyingTransformer)), columns)
    {
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema inputSchema) =>
        new Mapper([.. ColumnPairs.Select((pair, i) => (pair.outputColumnName, InputColumn(inputSchema, i)))]);

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "COPYCOLT",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: LoaderAssembly.Data);

    private static ColumnCopyingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        return new ColumnCopyingTransformer(env, LoadColumns(ctx));
    }

    private sealed class Mapper((string Name, DataViewSchema.Column Source)[] columns) : IRowMapper
    {
        public DataViewSchema.DetachedColumn[] OutputColumns { get; } = Array.ConvertAll(
            columns, column => new DataViewSchema.DetachedColumn(column.Name, column.Source.Type, column.Source.Annotations));

        public IEnumerable<DataViewSchema.Column> Dependencies(int output) => [columns[output].Source];

        public Delegate[] CreateGetters(DataViewRow input, bool[] activeOutputs, out Action disposer)
        {
            disposer = null;
            return [.. columns.Select((column, i) => activeOutputs[i] ? GetterOf(input, column.Source) : null)];
        }

        private static Delegate GetterOf(DataViewRow input, DataViewSchema.Column source) =>
            GenericCall.Invoke<Delegate>(GetterOf<int>, source.Type.RawType, input, source);

        private static Delegate GetterOf<T>(DataViewRow input, DataViewSchema.Column source) => input.GetGetter<T>(source);
    }
}
