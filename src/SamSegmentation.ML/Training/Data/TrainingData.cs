using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Reports.Images;
using SamSegmentation.ML.Training.Augmentation;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Runs;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Data;

/// <summary>What a run learns from and is measured on, in the cache.</summary>
internal sealed class TrainingData
{
    private TrainingData(
        InputStore inputs,
        LabelStore labels,
        string? encoderHash,
        LoggedImages images,
        PhotoStore? photos,
        ClassFrequencies? frequencies,
        Augmenter? augmenter,
        StoredSet training,
        StoredSet? validation)
    {
        Inputs = inputs;
        Labels = labels;
        EncoderHash = encoderHash;
        Images = images;
        Photos = photos;
        Frequencies = frequencies;
        Augmenter = augmenter;
        Training = training;
        Validation = validation;
    }

    public InputStore Inputs { get; }

    public LabelStore Labels { get; }

    /// <summary>The frozen encoder's hash, its adapters left out; null where the encoder is trained.</summary>
    public string? EncoderHash { get; }

    /// <summary>Validation images to be shown.</summary>
    public LoggedImages Images { get; }

    /// <summary>The validation set's photographs, for the report's images; null where it shows none.</summary>
    public PhotoStore? Photos { get; }

    /// <summary>The training set's pixels by class; null where the loss does not ask for them.</summary>
    public ClassFrequencies? Frequencies { get; }

    /// <summary>Varies training images when they are read; null where they are not varied, or lie in the cache as views.</summary>
    public Augmenter? Augmenter { get; }

    public StoredSet Training { get; }

    public StoredSet? Validation { get; }

    /// <summary>Passes over both sets once; progress is told the stage, how many images are done, and of how many,
    /// and <paramref name="reduced"/> where the encoder takes fewer at once than it should.</summary>
    /// <exception cref="DatasetException">A set is empty, or one of its samples cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; what was computed stays in the cache.</exception>
    public static TrainingData Prepare(
        SemanticSam model,
        ClassList classes,
        TrainingOptions options,
        Device device,
        TensorCache cache,
        IEnumerable<LabeledImage> training,
        IEnumerable<LabeledImage>? validation,
        Action<TrainingStage, int, int?> progress,
        Action<ReducedBatch> reduced,
        CancellationToken cancellation)
    {
        var labels = new LabelStore(cache, classes.VoidId, options.ReuseCache);
        var (inputs, encoderHash) = MakeInputs(model, options, device, cache, reduced);
        // Without a folder there is nowhere to show them.
        var images = new LoggedImages(options.RunFolder is null ? 0 : options.ImagesLogged);
        var photos = options.RunFolder is null || options.ReportImages == 0 ? null : new PhotoStore(cache);
        var frequencies = options.Loss.NeedsFrequencies ? new ClassFrequencies(classes.Count, classes.VoidId) : null;
        var augmenter = options.Augmentation.IsOn ? new Augmenter(options.Augmentation, classes.VoidId, options.Seed) : null;
        var varies = options.DecideCachedInputs() == CachedInputs.Images;
        return new TrainingData(
            inputs,
            labels,
            encoderHash,
            images,
            photos,
            frequencies,
            varies ? augmenter : null,
            Fill(training, "The training set", TrainingStage.Preparing, frequencies is null ? null : sample => frequencies.Add(sample.Label), varies ? null : augmenter),
            validation is null ? null : Fill(validation, "The validation set", TrainingStage.PreparingValidation, Keep, null));

        void Keep(LabeledImage sample)
        {
            images.Offer(sample);
            photos?.Add(ReportImage.Shrink(sample.Image));
        }

        StoredSet Fill(IEnumerable<LabeledImage> samples, string name, TrainingStage stage, Action<LabeledImage>? look, Augmenter? views) =>
            inputs.Fill(samples, new SampleCheck(name, classes), labels, look, views, (done, total) => progress(stage, done, total), cancellation);
    }

    private static (InputStore Inputs, string? EncoderHash) MakeInputs(
        SemanticSam model, TrainingOptions options, Device device, TensorCache cache, Action<ReducedBatch> reduced)
    {
        var cached = options.DecideCachedInputs();
        // Below it nothing is trained, so that nothing below it needs gradients; and the head sees no block below it.
        var firstTrained = options.Trained == TrainedParts.Everything ? 0 : model.LastStart(options.Adapters.FirstBlock);
        if (cached == CachedInputs.Images)
        {
            return (
                new ImageStore(model, new SamPreprocessor(model.Config.ImageSize, options.Preprocessing), cache, options.ReuseCache, firstTrained),
                options.Trained == TrainedParts.Everything ? null : WeightsHash.Compute(model.image_encoder));
        }
        var recipe = new EmbeddingRecipe(model, options.Preprocessing, options.EmbeddingDType, cached == CachedInputs.BlockInputs ? firstTrained : null);
        var pass = new EmbeddingPass(model, recipe, cache, device)
        {
            BatchSize = options.DecideEncoderBatchSize(device),
            ReuseCache = options.ReuseCache,
            OnReduced = reduced,
        };
        return (new EmbeddingStore(model, pass, cache), recipe.EncoderHash);
    }
}
