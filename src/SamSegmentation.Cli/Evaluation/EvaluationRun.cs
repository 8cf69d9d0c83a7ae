using SamSegmentation.Cli.Commands;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Data;
using SamSegmentation.Cli.Networks;
using SamSegmentation.Cli.Settings;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Evaluation;

namespace SamSegmentation.Cli.Evaluation;

/// <summary>What an evaluation found.</summary>
/// <param name="Model">The model's file.</param>
/// <param name="Dataset">What it was evaluated on.</param>
/// <param name="Metrics">How well it did.</param>
internal sealed record EvaluationRun(string Model, SegmentationDataset Dataset, SegmentationMetrics Metrics)
{
    /// <summary>Evaluates a model on a dataset, each image at its own size.</summary>
    /// <param name="loaded">The checked settings.</param>
    /// <param name="output">Told of progress and of what was skipped.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public static EvaluationRun Of(LoadedSettings<SamSegSettings> loaded, CommandOutput output, CancellationToken cancellation)
    {
        var settings = loaded.Settings;
        var device = Machine.Prepare(loaded);
        using var model = TrainedNetwork.Load(settings.Model, device, output.Display);
        var classes = ModelClasses.Of(settings.Dataset, model.Info, output);
        var dataset = DatasetOpening.Evaluation(settings, classes, output.Display, cancellation);
        output.Display.Line($"dataset     {SkippedSamples.Count(dataset)}");
        SkippedSamples.Warn(output, dataset);

        var matrix = new ConfusionMatrix(classes.Count, classes.VoidId);
        var predictor = TrainedNetwork.Predictor(model, settings with { Prediction = settings.Prediction with { Probabilities = false } }, device);
        var done = 0;
        foreach (var (image, prediction) in predictor.Predict(dataset.Read(), sample => sample.Image, cancellation))
        {
            matrix.Add(image.Label.Ids, prediction.Labels.Ids);
            output.Display.Progress("evaluating", ++done, dataset.Samples.Count);
        }
        return new EvaluationRun(settings.Model.Trained!, dataset, matrix.ToMetrics(classes.Names));
    }
}
