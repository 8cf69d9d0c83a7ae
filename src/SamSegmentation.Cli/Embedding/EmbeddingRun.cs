using SamSegmentation.Cli.Commands;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Data;
using SamSegmentation.Cli.Networks;
using SamSegmentation.Cli.Settings;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Training.Augmentation;
using TorchSharp;

namespace SamSegmentation.Cli.Embedding;

/// <summary>Fills the cache of embeddings, so that training finds them there.</summary>
internal static class EmbeddingRun
{
    /// <summary>Passes over the training and the validation images.</summary>
    /// <param name="loaded">The checked settings, with a cache folder.</param>
    /// <param name="output">Told of progress, and of what was skipped or damaged.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>; what was computed stays.</param>
    /// <returns>A line for each set: what was there, what was computed.</returns>
    public static IReadOnlyList<string> Run(LoadedSettings<SamSegSettings> loaded, CommandOutput output, CancellationToken cancellation)
    {
        var (settings, options, display) = (loaded.Settings, loaded.Settings.Training, output.Display);
        var device = Machine.Prepare(loaded);
        var cache = new TensorCache(options.CacheFolder!);
        var classes = DatasetOpening.Classes(settings.Dataset);
        using var start = StartingNetwork.Create(loaded, classes);
        display.Line($"network     {start.Description}");
        start.Network.to(device);
        start.Network.eval();
        start.Network.image_encoder.Precision = options.EncoderPrecision;
        var pass = new EmbeddingPass(start.Network, new EmbeddingRecipe(start.Network, options.Preprocessing, options.EmbeddingDType), cache, device)
        {
            BatchSize = options.DecideEncoderBatchSize(device),
            ReuseCache = options.ReuseCache,
            OnReduced = batch => output.Warn(batch.ToString()),
        };

        var augmenter = new Augmenter(options.Augmentation, classes.VoidId, options.Seed);
        // A file of settings may be for training that varies images in every step.
        if (augmenter.Views == 1 && options.Augmentation != new AugmentationOptions())
            display.Line("views       1: images are embedded as they are, for nothing but more views of them can be varied and cached");
        var lines = new List<string> { Line("training", DatasetOpening.Training(settings.Dataset, classes, display, cancellation), augmenter.Views, augmenter.AllViews) };
        if (DatasetOpening.Validation(settings.Dataset, classes, display, cancellation) is { } validation)
            lines.Add(Line("validation", validation, views: 1, sample => [sample]));
        return lines;

        string Line(string name, SegmentationDataset dataset, int views, Func<LabeledImage, IEnumerable<LabeledImage>> all)
        {
            SkippedSamples.Warn(output, dataset);
            var progress = new EmbeddingReport(display, $"embedding {name} images", dataset.Samples.Count * views);
            var result = pass.Run(dataset.Read().SelectMany(all), sample => sample.Id, sample => sample.Image, progress, cancellation);
            foreach (var entry in result.Damaged)
                output.Warn($"{entry.Id}: {entry.Path} was damaged and is computed again: {entry.Reason}");
            return $"{name,-10}  {SkippedSamples.Count(dataset)}{(views > 1 ? $" in {views} views" : "")}: {result.Images.Count - result.Encoded} were there, "
                + $"{result.Encoded} computed, {result.Damaged.Count} of them because they were damaged";
        }
    }
}
