using System.Text.Json;
using System.Text.Json.Nodes;
using SamSegmentation.ML.Datasets;

namespace SamSegmentation.Cli.Data;

/// <summary>Writes what is wrong with samples for programs.</summary>
internal static class SampleProblemJson
{
    /// <summary>Writes a list of objects.</summary>
    /// <param name="problems">What is wrong.</param>
    public static JsonArray Of(IEnumerable<SampleProblem> problems) => new([.. problems.Select(problem => new JsonObject
    {
        ["id"] = problem.Id,
        ["kind"] = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{problem.Kind}"),
        ["path"] = problem.Path,
        ["message"] = problem.Message,
    })]);
}
