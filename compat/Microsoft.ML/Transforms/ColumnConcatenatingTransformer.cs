using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(
    typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel), "Concat Transform", ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>One vector of the values of several columns.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    private readonly string _outputColumnName;
    private readonly string[] _inputColumnNames;

    internal ColumnConcatenatingTransformer(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
        : base(env.Register(nameof(ColumnConcatenatingTransformer)))
    {
        _outputColumnName = outputColumnName;
        _inputColumnNames = inputColumnNames;
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        // The real one can make several columns and give aliases to its inputs.
        ctx.Writer.Write(1);
        ctx.SaveNonEmptyString(_outputColumnName);
        ctx.Writer.Write(_inputColumnNames.Length);
        foreach (var name in _inputColumnNames)
        {
            ctx.SaveNonEmptyString(name);
            ctx.SaveStringOrNull(null);
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema inputSchema)
    {
        var sources = Array.ConvertAll(
            _inputColumnNames, name => inputSchema.GetColumnOrNull(name) ?? throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", name));
        var item = sources[0].Type.ItemType();
        foreach (var source in sources)
        {
            if (!source.Type.ItemType().Equals(item))
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, item.ToString(), source.Type.ToString());
        }

        return new ConcatenatingMapper(_outputColumnName, (PrimitiveDataViewType)item, sources);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "CONCAT F",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010003,
        loaderSignature: LoaderSignature,
        loaderSignatureAlt: "ConcatFunction",
        loaderAssemblyName: LoaderAssembly.Data);

    private static ColumnConcatenatingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(GetVersionInfo());
        env.CheckDecode(ctx.Reader.ReadInt32() == 1, "Concatenations of several columns at once are not known here");
        var output = ctx.LoadNonEmptyString();
        var inputs = new string[ctx.Reader.ReadInt32()];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = ctx.LoadNonEmptyString();
            env.CheckDecode(ctx.LoadStringOrNull() is null, "Aliases of concatenated columns are not known here");
        }

        return new ColumnConcatenatingTransformer(env, output, inputs);
    }
}
