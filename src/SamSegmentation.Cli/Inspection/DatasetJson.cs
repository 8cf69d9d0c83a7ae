using System.Text.Json.Nodes;
using SamSegmentation.Cli.Data;
using SamSegmentation.Cli.Display;

namespace SamSegmentation.Cli.Inspection;

/// <summary>Writes <see cref="DatasetReport"/>s for programs.</summary>
internal static class DatasetJson
{
    /// <summary>Writes the reports as one JSON object, each under its name; what has no value is null.</summary>
    /// <param name="reports">What was found.</param>
    public static string Render(IEnumerable<DatasetReport> reports) =>
        new JsonObject(reports.Select(report => KeyValuePair.Create(report.Name, (JsonNode?)Report(report)))).ToJsonString(JsonResults.Options);

    private static JsonObject Report(DatasetReport report) => new()
    {
        ["usable"] = report.Usable,
        ["unusable"] = report.Unusable,
        ["width"] = Range(report.Widths),
        ["height"] = Range(report.Heights),
        ["sizes"] = new JsonArray([.. report.Sizes.Select(size => new JsonObject
        {
            ["width"] = size.Width,
            ["height"] = size.Height,
            ["images"] = size.Images,
        })]),
        ["pixels"] = report.AllPixels,
        ["void"] = new JsonObject
        {
            ["pixels"] = report.VoidPixels,
            ["share"] = Share(report, report.VoidPixels),
        },
        ["classes"] = new JsonArray([.. report.ClassNames.Select((name, id) => new JsonObject
        {
            ["id"] = id,
            ["name"] = name,
            ["images"] = report.Images[id],
            ["pixels"] = report.Pixels[id],
            ["share"] = Share(report, report.Pixels[id]),
        })]),
        ["problems"] = SampleProblemJson.Of(report.Problems),
    };

    private static JsonObject? Range((int Least, int Most)? range) =>
        range is { } sides ? new JsonObject { ["min"] = sides.Least, ["max"] = sides.Most } : null;

    private static JsonNode? Share(DatasetReport report, long pixels) => report.AllPixels == 0 ? null : (double)pixels / report.AllPixels;
}
