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
    private static readonly Lazy<byte[]> s_content = new(Train);

    /// <summary>Writes it; the first call trains it.</summary>
    /// <param name="folder">Takes the file.</param>
    /// <returns>The file's path.</returns>
    public static string WriteTo(string folder)
    {
        var path = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(path, s_content.Value);
        return path;
    }

    private static byte[] Train()
    {
        using var folder = new TemporaryFolder();
        var scenes = RepositoryFiles.PathOf("samples/data/scenes");
        var classes = new ClassList(File.ReadAllLines(Path.Combine(scenes, "classes.txt")));
        var training = SegmentationDataset.OpenFolder(Path.Combine(scenes, "img", "train"), Path.Combine(scenes, "ann", "train"), classes);
        using var checkpoint = Checkpoint.Open(RepositoryFiles.PathOf("samples/Demo/weights/small_sam.safetensors"));
        torch.manual_seed(1);
        using var network = new SemanticSam(SamCheckpoint.InferConfig(checkpoint), classes.Count);
        SamCheckpoint.Load(network, checkpoint);
        var options = TrainingOptions.Default with { Epochs = 8, LearningRate = 2e-3, Schedule = new CosineSchedule { WarmupSteps = 4 }, MeasureTraining = false, RunFolder = folder.PathOf("run") };
        return File.ReadAllBytes(new SegmentationTrainer(network, classes.Names, options).Train(training.Read()).ModelPath!);
    }
}
