using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Display;

namespace SamSegmentation.Cli.Inspection;

/// <summary>Writes an <see cref="InspectionReport"/> for programs.</summary>
internal static class InspectionJson
{
    private static readonly JsonSerializerOptions s_config = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Writes the report as one JSON object.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="everyTensor">Whether each tensor is listed too.</param>
    public static string Render(InspectionReport report, bool everyTensor)
    {
        var root = new JsonObject
        {
            ["path"] = report.Path,
            ["format"] = report.Format,
            ["bytes"] = report.Bytes,
            ["sha256"] = report.Sha256,
            ["tensor_count"] = report.Groups.Sum(group => group.Tensors.Count),
            ["value_count"] = report.Groups.Sum(group => group.Parameters),
            ["network"] = Network(report.Network),
            ["metadata"] = new JsonObject(report.Metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            ["parts"] = new JsonArray([.. report.Groups.Select(group => new JsonObject
            {
                ["name"] = group.Part,
                ["tensor_count"] = group.Tensors.Count,
                ["value_count"] = group.Parameters,
                ["dtypes"] = new JsonArray([.. group.DTypes.Select(name => (JsonNode)name)]),
                ["shapes"] = new JsonArray([.. group.Shapes.Select(shape => (JsonNode)shape)]),
            })]),
        };
        if (everyTensor)
        {
            root["tensors"] = new JsonArray([.. report.Groups.SelectMany(group => group.Tensors).Select(tensor => new JsonObject
            {
                ["name"] = tensor.Name,
                ["dtype"] = TensorGroup.NameOf(tensor),
                ["shape"] = new JsonArray([.. tensor.Shape.Select(side => (JsonNode)side)]),
            })]);
        }
        return root.ToJsonString(JsonResults.Options);
    }

    private static JsonObject? Network(NetworkFacts network) => network.Config is null ? null : new JsonObject
    {
        ["layout"] = network.Layout.ToString()!.ToLowerInvariant(),
        ["variant"] = Variants.Describe(network.Config),
        ["config"] = JsonSerializer.SerializeToNode(network.Config, s_config),
        ["head"] = network.Info is { Head: var head } ? new JsonObject
        {
            ["kind"] = HeadSettings.NameOf(head.Kind),
            ["feature_blocks"] = new JsonArray([.. head.FeatureBlocks.Select(block => (JsonNode)block)]),
            ["width"] = head.Width,
        } : null,
        ["class_count"] = network.Classes,
        ["class_names"] = network.Info is { } info ? new JsonArray([.. info.ClassNames.Select(name => (JsonNode)name)]) : null,
        ["preprocessing"] = network.Info?.Preprocessing,
        ["adapters"] = JsonSerializer.SerializeToNode(network.Info?.Adapters, s_config),
        ["parts"] = network.Info?.Parts is { } parts ? new JsonArray([.. parts.Select(part => (JsonNode)part)]) : null,
        ["encoder_hash"] = network.Info?.EncoderHash,
    };
}
