using SamSegmentation.Demo.Scenes;
using SamSegmentation.ML.Datasets;

namespace SamSegmentation.Demo;

/// <summary>What the demo learns from and what it is judged by.</summary>
/// <param name="Training">The images of the train list.</param>
/// <param name="Validation">The images of the val list; training never sees them.</param>
/// <param name="Description">Both in a few words.</param>
public sealed record DemoData(SegmentationDataset Training, SegmentationDataset Validation, string Description)
{
    /// <summary>Opens the PASCAL VOC folder that the options name, or makes scenes in its layout and opens those.</summary>
    /// <exception cref="DatasetException">The folder is not VOC 2012, or some of its files cannot be used.</exception>
    public static DemoData Open(DemoOptions options, CancellationToken cancellation)
    {
        string root = options.Data ?? SceneDataset.Write(Path.Combine(options.Output, "scenes"), options.Scenes, options.ValidationScenes, options.Seed);
        var classes = options.Data is null ? new ClassList(SceneClasses.Names) : ClassList.Voc;
        var training = SegmentationDataset.OpenVoc(root, VocSplit.Train, classes, cancellationToken: cancellation);
        var validation = SegmentationDataset.OpenVoc(root, VocSplit.Val, classes, cancellationToken: cancellation);
        string kind = options.Data is null ? "synthetic scenes" : "photographs";
        return new DemoData(training, validation, $"{training.Samples.Count} {kind} to learn from, {validation.Samples.Count} to be judged by ({root})");
    }
}
