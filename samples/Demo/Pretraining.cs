using SamSegmentation.Demo.Scenes;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;
using static TorchSharp.torch;

namespace SamSegmentation.Demo;

/// <summary>Makes the weights of <see cref="SmallSam"/>: everything is trained from scratch on scenes that the demo never shows.</summary>
public sealed class Pretraining(PretrainingOptions options, DemoDisplay display)
{
    /// <summary>Trains and writes the checkpoint.</summary>
    /// <exception cref="IOException">The output folder holds something already, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; no checkpoint is written.</exception>
    public void Run(CancellationToken cancellation = default)
    {
        OutputFolder.MustBeEmpty(options.Output);
        string root = SceneDataset.Write(Path.Combine(options.Output, "scenes"), options.Scenes, Math.Max(1, options.Scenes / 20), options.ScenesSeed);
        var classes = new ClassList(SceneClasses.Names);
        var training = SegmentationDataset.OpenVoc(root, VocSplit.Train, classes, cancellationToken: cancellation);
        var validation = SegmentationDataset.OpenVoc(root, VocSplit.Val, classes, cancellationToken: cancellation);

        manual_seed(options.Seed);
        using var network = new SemanticSam(SmallSam.Config, classes.Count);
        var trainer = new SegmentationTrainer(network, classes.Names, new TrainingOptions
        {
            Trained = TrainedParts.Everything,
            Epochs = options.Epochs,
            LearningRate = 2e-3,
            WeightDecay = 0.05,
            Schedule = new CosineSchedule { WarmupSteps = 100 },
            ClippingNorm = 1,
            Augmentation = new() { FlipProbability = 0.5 },
            ValidateEvery = Math.Max(1, options.Epochs / 6),
            MeasureTraining = false,
            Seed = options.Seed,
            RunFolder = Path.Combine(options.Output, "run"),
        });
        var result = display.While(() => trainer.Train(training.Read(), validation.Read(), display, cancellation));
        if (result.Cancelled)
            throw new OperationCanceledException($"stopped after {result.Steps} steps", cancellation);

        string checkpoint = Path.Combine(options.Output, Path.GetFileName(SmallSam.Checkpoint));
        Save(network, checkpoint, options.Seed);
        display.Line($"weights  {checkpoint} ({new FileInfo(checkpoint).Length / 1e6:F2} MB)");
    }

    // A file like Meta's, which knows no classes: SAM's own four hypernetworks and its IoU head, which nothing here has
    // trained, start from random weights, so that nothing that was learnt of a class by name goes into the demo.
    private static void Save(SemanticSam network, string path, int seed)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        using var sam = new Sam(network.Config);
        var learnt = network.state_dict();
        var weights = sam.state_dict().ToDictionary(
            pair => pair.Key,
            pair => (IsOfClasses(pair.Key) ? pair.Value : learnt[pair.Key]).to(ScalarType.Float16));
        SafetensorsFile.Write(path, weights);
    }

    private static bool IsOfClasses(string name) => name.StartsWith("mask_decoder.output_hypernetworks_mlps.", StringComparison.Ordinal);
}
