using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer whose every output column is computed from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    internal readonly (string outputColumnName, string inputColumnName)[] ColumnPairs;

    private protected OneToOneTransformerBase(IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host)
    {
        var names = new HashSet<string>();
        foreach (var (output, input) in columns)
        {
            host.CheckNonEmpty(input, nameof(columns));
            host.CheckNonEmpty(output, nameof(columns));
            if (!names.Add(output))
                throw Contracts.ExceptParam(nameof(columns), $"Name of the result column '{output}' specified multiple times");
        }

        ColumnPairs = columns;
    }

    private protected static (string OutputColumnName, string InputColumnName)[] LoadColumns(ModelLoadContext ctx)
    {
        var columns = new (string, string)[ctx.Reader.ReadInt32()];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = (ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString());
        return columns;
    }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ColumnPairs.Length);
        foreach (var (output, input) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(output);
            ctx.SaveNonEmptyString(input);
        }
    }

    private protected DataViewSchema.Column InputColumn(DataViewSchema inputSchema, int pair)
    {
        var name = ColumnPairs[pair].inputColumnName;
        return inputSchema.GetColumnOrNull(name) ?? throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
    }
}
