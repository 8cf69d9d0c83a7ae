using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(
        IHostEnvironment env, Action<TSrc, TDst> map, string contractName, SchemaDefinition input, SchemaDefinition output)
        : base(env.Register("CustomMappingEstimator"), new CustomMappingTransformer<TSrc, TDst>(env, map, contractName, input, output))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var result = inputSchema.ToDictionary(column => column.Name);
        var inputs = RowClassColumn.Bind(typeof(TSrc), Transformer.InputDefinition, SchemaDefinition.Direction.Both);
        foreach (var expected in SchemaShape.Create(RowClassColumn.Schema(inputs)))
        {
            if (!result.TryGetValue(expected.Name, out var actual))
                throw Contracts.ExceptSchemaMismatch(null, nameof(inputSchema), "input", expected.Name);
            // Types are compared by reference, as in the real one: no two image types are the same.
            if (expected.ItemType != actual.ItemType || expected.IsKey != actual.IsKey || !Accepts(expected.Kind, actual.Kind))
            {
                var type = inputs.First(input => input.Name == expected.Name).Type;
                throw Contracts.ExceptSchemaMismatch(null, nameof(inputSchema), "input", expected.Name, type.ToString(), actual.GetTypeString());
            }
        }

        foreach (var added in SchemaShape.Create(RowClassColumn.Schema(Transformer.AddedColumns)))
            result[added.Name] = added;
        return new SchemaShape(result.Values);
    }

    /// <summary>Who takes vectors of any size takes those of a known size too.</summary>
    private static bool Accepts(SchemaShape.Column.VectorKind expected, SchemaShape.Column.VectorKind actual) =>
        expected == actual || (expected, actual) is (SchemaShape.Column.VectorKind.VariableVector, SchemaShape.Column.VectorKind.Vector);
}
