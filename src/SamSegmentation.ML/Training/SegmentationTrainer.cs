using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Modeling;

namespace SamSegmentation.ML.Training;

/// <summary>Trains a semantic network on photographs with masks of class ids.</summary>
public sealed class SegmentationTrainer
{
    private readonly SemanticSam _model;
    private readonly ClassList _classes;
    private readonly TrainingOptions _options;

    /// <summary>Prepares the training of a network.</summary>
    /// <param name="model">The network. It is trained in place, on the options' device, and stays the caller's to dispose.</param>
    /// <param name="classNames">The classes' names by id; as many as the network has classes.</param>
    /// <param name="options">How it is trained.</param>
    /// <exception cref="InvalidTrainingOptionsException">Some options cannot be used; all are listed.</exception>
    /// <exception cref="ArgumentException">The names are not the network's, or one is empty or comes twice.</exception>
    public SegmentationTrainer(SemanticSam model, IReadOnlyList<string> classNames, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _classes = new ClassList(classNames);
        if (_classes.Count != model.Classes)
            throw new ArgumentException($"{_classes.Count} class names are given; the network has {model.Classes} classes.", nameof(classNames));
        _model = model;
        _options = options;
    }

    /// <summary>Trains the network, which afterwards is in evaluation mode.</summary>
    /// <param name="training">The training set; enumerated once, on another thread.</param>
    /// <param name="validation">The validation set; enumerated once, after the training set.</param>
    /// <param name="progress">Told of every image and step.</param>
    /// <param name="cancellation">
    /// Ends the run after the step, or the encoder's batch, in hand; what was computed stays in the cache, and the
    /// checkpoint <c>last</c> is written.
    /// </param>
    /// <returns>What the run came to; <see cref="TrainingResult.Cancelled"/> tells whether it was cancelled.</returns>
    public TrainingResult Train(
        IEnumerable<LabeledImage> training,
        IEnumerable<LabeledImage>? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        throw new NotImplementedException($"Training {_model.Classes} classes for {_options.Epochs} epochs.");
    }
}
