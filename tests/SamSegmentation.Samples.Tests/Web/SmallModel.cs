using SamSegmentation.Cli.Tests;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;
using TorchSharp;

namespace SamSegmentation.Samples.Tests.Web;

/// <summary>A model that knows the sample scenes: the small SAM, fine-tuned for some seconds.</summary>
internal static class SmallModel
{
    /// <summary>Trains it.</summary>
    /// <param name="folder">Takes the run.</param>
    /// <returns>The model's path.</returns>
    public static string Train(string folder)
    {
        var scenes = RepositoryFiles.PathOf("samples/data/scenes");
        var classes = new ClassList(File.ReadAllLines(Path.Combine(scenes, "classes.txt")));
        var training = SegmentationDataset.OpenFolder(Path.Combine(scenes, "img", "train"), Path.Combine(scenes, "ann", "train"), classes);
        using var checkpoint = Checkpoint.Open(RepositoryFiles.PathOf("samples/Demo/weights/small_sam.safetensors"));
        torch.manual_seed(1);
        using var network = new SemanticSam(SamCheckpoint.InferConfig(checkpoint), classes.Count);
        SamCheckpoint.Load(network, checkpoint);
        var options = TrainingOptions.Default with { Epochs = 8, LearningRate = 2e-3, Schedule = new CosineSchedule { WarmupSteps = 4 }, MeasureTraining = false, RunFolder = Path.Combine(folder, "run") };
        return new SegmentationTrainer(network, classes.Names, options).Train(training.Read()).ModelPath!;
    }
}
