using System.Globalization;
using SamSegmentation.Cli.Commands;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Data;
using SamSegmentation.Cli.Networks;
using SamSegmentation.Cli.Settings;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Reports;

namespace SamSegmentation.Cli.Evaluation;

/// <summary>What an evaluation found.</summary>
/// <param name="Model">The model's file.</param>
/// <param name="Dataset">What it was evaluated on.</param>
/// <param name="Inference">How the model looked at it.</param>
/// <param name="Metrics">How well it did.</param>
internal sealed record EvaluationRun(string Model, SegmentationDataset Dataset, InferenceOptions Inference, SegmentationMetrics Metrics)
{
    /// <summary>Evaluates a model on a dataset, each image at its own size.</summary>
    /// <param name="loaded">The checked settings.</param>
    /// <param name="page">The file of the report; null for none.</param>
    /// <param name="output">Told of progress and of what was skipped.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public static EvaluationRun Of(LoadedSettings<SamSegSettings> loaded, string? page, CommandOutput output, CancellationToken cancellation)
    {
        var settings = loaded.Settings;
        var device = Machine.Prepare(loaded);
        using var model = TrainedNetwork.Load(settings.Model, device, output.Display);
        var classes = ModelClasses.Of(settings.Dataset, model.Info, output);
        var dataset = DatasetOpening.Evaluation(settings, classes, output.Display, cancellation);
        output.Display.Line($"dataset     {SkippedSamples.Count(dataset)}");
        SkippedSamples.Warn(output, dataset);

        var matrix = new ConfusionMatrix(classes.Count, classes.VoidId);
        var predictor = TrainedNetwork.Predictor(model, settings with { Prediction = settings.Prediction with { Probabilities = false } }, device, output.Warn);
        var report = page is null ? null : new EvaluationReport(classes.Count, classes.VoidId, settings.Training.ReportImages);
        var done = 0;
        foreach (var (image, prediction) in predictor.Predict(dataset.Read(), sample => sample.Image, cancellation))
        {
            matrix.Add(image.Label.Ids, prediction.Labels.Ids);
            report?.Add(image.Id, image.Image, image.Label, prediction.Labels);
            output.Display.Progress("evaluating", ++done, dataset.Samples.Count);
        }
        var run = new EvaluationRun(settings.Model.Trained!, dataset, settings.Prediction.Inference, matrix.ToMetrics(classes.Names));
        report?.Write(page!, Path.GetFileName(run.Model), run.Metrics, run.Facts(settings, model.Info));
        return run;
    }

    private IEnumerable<(string Name, string Value)> Facts(SamSegSettings settings, SavedModelInfo info)
    {
        yield return ("model", Model);
        yield return ("head", $"{info.Head}");
        yield return ("preprocessing", info.Preprocessing);
        yield return ("dataset", settings.Dataset.Voc ?? (settings.EvaluationSplit == EvaluationSplit.Train ? settings.Dataset.Images : settings.Dataset.ValImages) ?? "");
        yield return ("split", $"{settings.EvaluationSplit}".ToLowerInvariant());
        yield return ("images", $"{Dataset.Samples.Count}");
        yield return ("skipped", $"{SkippedSamples.Number(Dataset.Skipped)}");
        yield return ("window", $"{Inference.Window}");
        if (Inference.HasWindows)
            yield return ("overlap", string.Create(CultureInfo.InvariantCulture, $"{Inference.Overlap}"));
        yield return ("flip", Inference.Flip ? "yes" : "no");
        yield return ("scales", string.Join(", ", Inference.Scales.Select(scale => scale.ToString(CultureInfo.InvariantCulture))));
    }
}
