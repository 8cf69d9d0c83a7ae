using System.Globalization;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Training;
using TorchSharp;

namespace SamSegmentation.Demo;

/// <summary>The demo from data to masks, in the order in which a program of your own would go.</summary>
public sealed class DemoRun(DemoOptions options, DemoDisplay display)
{
    private const int ComparedImages = 8;

    private readonly string _output = options.Output;

    /// <summary>Fine-tunes, evaluates, writes pictures, and does the reference's training on the same data for comparison.</summary>
    /// <returns>The metrics of the validation images.</returns>
    /// <exception cref="IOException">The output folder holds something already, or a file cannot be read or written.</exception>
    /// <exception cref="CheckpointFormatException">The checkpoint is damaged or holds no Segment Anything network.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; what it has trained is kept.</exception>
    public SegmentationMetrics Run(CancellationToken cancellation = default)
    {
        OutputFolder.MustBeEmpty(_output);
        // A bad checkpoint is better known before scenes are drawn for it.
        using (var checkpoint = Checkpoint.Open(options.Checkpoint))
            SamCheckpoint.InferConfig(checkpoint);

        // Images with masks of class ids, checked file by file when they are opened.
        var data = DemoData.Open(options, cancellation);
        display.Line($"data       {data.Description}");

        string modelPath = Train(data, Protocols.Ours(options, Path.Combine(_output, "run")), cancellation);

        // From here on it is what a program does that only uses a trained model.
        SegmentationMetrics metrics;
        using (var model = SegmentationModel.Load(modelPath))
            metrics = Evaluate(model, data.Validation, cancellation);
        display.Line("");
        display.Line(metrics.ToTable());
        display.Line($"model      {modelPath}");
        display.Line($"pictures   {Path.Combine(_output, "predictions")} (ids in grey, in colour, over the photograph)");
        display.Line($"           {SheetPath} (photograph, truth, prediction)");
        if (options.Data is not null)
            display.Line("note       A low mIoU is expected here: the small SAM has seen nothing but synthetic scenes. SAM's own weights make the difference (--checkpoint).");

        display.Line("");
        display.Line("the same with the reference's protocol: hypernetworks alone, SGD, square stretch without normalisation");
        double reference = Compare(data, cancellation);
        display.Line(string.Create(CultureInfo.InvariantCulture, $"reference's protocol: val mIoU {reference:F3}"));
        display.Line(string.Create(CultureInfo.InvariantCulture, $"val mIoU {metrics.MeanIoU:F3}"));
        return metrics;
    }

    private string SheetPath => Path.Combine(_output, "comparison.png");

    private double Compare(DemoData data, CancellationToken cancellation)
    {
        using var model = SegmentationModel.Load(Train(data, Protocols.Reference(options, Path.Combine(_output, "run-reference")), cancellation));
        return Measure(model, data.Validation, (_, _) => { }, cancellation).MeanIoU;
    }

    private string Train(DemoData data, TrainingOptions training, CancellationToken cancellation)
    {
        using var network = Start(data.Training.Classes.Count);
        var trainer = new SegmentationTrainer(network, data.Training.Classes.Names, training);
        var result = display.While(() => trainer.Train(data.Training.Read(), data.Validation.Read(), display, cancellation));
        if (result.Cancelled)
            throw new OperationCanceledException($"stopped after {result.Steps} steps; what was trained is in {training.RunFolder}", cancellation);
        return result.ModelPath!;
    }

    // SAM's network with a hypernetwork for each class; all but the classes' own weights come from the checkpoint.
    private SemanticSam Start(int classes)
    {
        using var checkpoint = Checkpoint.Open(options.Checkpoint);
        torch.manual_seed(options.Seed);
        var network = SamCheckpoint.CreateStart(checkpoint, classes);
        long parameters = network.parameters().Sum(parameter => parameter.numel());
        display.Line($"network    SAM of {parameters:N0} parameters, {network.Config.ImageSize} × {network.Config.ImageSize} pixels, {classes} classes, from {Path.GetFileName(options.Checkpoint)}");
        return network;
    }

    private SegmentationMetrics Evaluate(SegmentationModel model, SegmentationDataset validation, CancellationToken cancellation)
    {
        var pictures = new PredictionWriter(Path.Combine(_output, "predictions"));
        var sheet = new ComparisonSheet(ComparedImages);
        int done = 0;
        var metrics = display.While(() => Measure(
            model,
            validation,
            (sample, labels) =>
            {
                pictures.Write(sample.Id, sample.Image, labels);
                sheet.Add(sample.Image, sample.Label, labels);
                display.Progress("writing masks", ++done, validation.Samples.Count);
            },
            cancellation));
        sheet.Save(SheetPath);
        return metrics;
    }

    private static SegmentationMetrics Measure(SegmentationModel model, SegmentationDataset validation, Action<LabeledImage, LabelMap> look, CancellationToken cancellation)
    {
        var predictor = new SegmentationPredictor(model.Network, model.Preprocessing);
        var confusion = new ConfusionMatrix(validation.Classes.Count, validation.Classes.VoidId);
        foreach (var (sample, prediction) in predictor.Predict(validation.Read(), sample => sample.Image, cancellation))
        {
            confusion.Add(sample.Label.Ids, prediction.Labels.Ids);
            look(sample, prediction.Labels);
        }
        return confusion.ToMetrics(validation.Classes.Names);
    }
}
