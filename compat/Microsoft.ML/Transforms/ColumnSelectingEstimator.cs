using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(IHostEnvironment env, string[] names, bool keep, bool keepHidden)
        : base(
            env.Register(nameof(ColumnSelectingEstimator)),
            new ColumnSelectingTransformer(env, names, keep, keepHidden, ignoreMissing: false))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        Transformer.CheckColumns(inputSchema.Select(column => column.Name), nameof(inputSchema));
        return new SchemaShape(inputSchema.Where(column => Transformer.Keeps(column.Name)));
    }
}
