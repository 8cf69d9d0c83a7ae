using System.Text.Json;
using System.Text.Json.Nodes;
using SamSegmentation.Cli.Data;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Prediction;
using SamSegmentation.Cli.Display;

namespace SamSegmentation.Cli.Evaluation;

/// <summary>Writes an <see cref="EvaluationRun"/> for programs.</summary>
internal static class EvaluationJson
{
    /// <summary>Writes the result as one JSON object; what has no value is null.</summary>
    /// <param name="run">The result.</param>
    public static string Render(EvaluationRun run)
    {
        var metrics = run.Metrics;
        return new JsonObject
        {
            ["model"] = run.Model,
            ["images"] = run.Dataset.Samples.Count,
            ["skipped"] = SampleProblemJson.Of(run.Dataset.Skipped),
            ["inference"] = Inference(run.Inference),
            ["pixels"] = metrics.Pixels,
            ["mean_iou"] = Number(metrics.MeanIoU),
            ["foreground_mean_iou"] = Number(metrics.ForegroundMeanIoU),
            ["classes_counted"] = metrics.ClassesCounted,
            ["pixel_accuracy"] = Number(metrics.PixelAccuracy),
            ["mean_accuracy"] = Number(metrics.MeanAccuracy),
            ["frequency_weighted_iou"] = Number(metrics.FrequencyWeightedIoU),
            ["mean_dice"] = Number(metrics.MeanDice),
            ["classes"] = new JsonArray([.. Enumerable.Range(0, metrics.ClassNames.Count).Select(id => Class(metrics, id))]),
            ["confusion_matrix"] = new JsonArray([.. metrics.ConfusionMatrix.Select(row => new JsonArray([.. row.Select(count => (JsonNode)count)]))]),
        }.ToJsonString(JsonResults.Options);
    }

    // Without windows, nothing overlaps.
    private static JsonObject Inference(InferenceOptions options) => new()
    {
        ["window"] = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{options.Window}"),
        ["overlap"] = options.HasWindows ? options.Overlap : null,
        ["flip"] = options.Flip,
        ["scales"] = new JsonArray([.. options.Scales.Select(scale => (JsonNode)scale)]),
    };

    private static JsonObject Class(SegmentationMetrics metrics, int id) => new()
    {
        ["id"] = id,
        ["name"] = metrics.ClassNames[id],
        ["iou"] = metrics.PerClassIoU[id],
        ["dice"] = metrics.PerClassDice[id],
        ["accuracy"] = metrics.PerClassAccuracy[id],
        ["pixels"] = metrics.PerClassPixels[id],
    };

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
