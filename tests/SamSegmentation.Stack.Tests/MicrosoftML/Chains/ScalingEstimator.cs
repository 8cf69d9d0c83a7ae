using Microsoft.ML;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Chains;

/// <summary>Writes into a log when its columns are checked and when it is fitted, and leaves the shape as it is.</summary>
internal sealed class ScalingEstimator(string input, string output, float factor, List<string> log) : IEstimator<ScalingTransformer>
{
    public ScalingTransformer Fitted { get; } = new(input, output, factor);

    public ScalingTransformer Fit(IDataView input)
    {
        log.Add($"fit {output} on {string.Join(",", input.Schema.Select(column => column.Name))}");
        return Fitted;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        log.Add($"shape {output}");
        return inputSchema;
    }
}
