using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;
using Xunit;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>Training runs that take a second: <see cref="TinyNetwork"/> on <see cref="TinyScenes"/>.</summary>
internal static class TinyRun
{
    public static IReadOnlyList<string> Classes { get; } = ["grey", "red", "green"];

    /// <summary>Two epochs of two steps on eight scenes, nothing written.</summary>
    public static TrainingOptions Options { get; } = new()
    {
        Epochs = 2,
        BatchSize = 4,
        LearningRate = 3e-3,
        Schedule = new ConstantSchedule(),
        Device = "cpu",
    };

    public static IReadOnlyList<LabeledImage> TrainingSet { get; } = Scenes(0, 8);

    public static IReadOnlyList<LabeledImage> ValidationSet { get; } = Scenes(100, 3);

    public static IReadOnlyList<LabeledImage> Scenes(int first, int count) => [.. Enumerable.Range(first, count).Select(Scene)];

    /// <summary>A set of which nothing must be read.</summary>
    public static IEnumerable<LabeledImage> NeverRead()
    {
        Assert.Fail("An image was read.");
        yield break;
    }

    public static LabeledImage Scene(int seed)
    {
        var (image, label) = TinyScenes.Make(seed);
        return new LabeledImage($"scene {seed}", image, label);
    }

    /// <summary>Trains on <see cref="TrainingSet"/>, unless another set is given.</summary>
    public static TrainingResult Train(
        SemanticSam model,
        TrainingOptions options,
        IEnumerable<LabeledImage>? training = null,
        IEnumerable<LabeledImage>? validation = null,
        Action<TrainingProgress>? progress = null,
        CancellationToken cancellation = default) =>
        new SegmentationTrainer(model, Classes, options)
            .Train(training ?? TrainingSet, validation, progress is null ? null : new ImmediateProgress<TrainingProgress>(progress), cancellation);
}
