using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Optimization;
using SamSegmentation.ML.Training.Resuming;
using SamSegmentation.ML.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

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
        OptionFault[] faults = [.. options.FindFaults(), .. TrainingOptionsRules.FindFaults(options, model.Head)];
        if (faults.Length > 0)
            throw new InvalidTrainingOptionsException(faults);
        _classes = new ClassList(classNames);
        if (_classes.Count != model.Classes)
            throw new ArgumentException($"{_classes.Count} class names are given; the network has {model.Classes} classes.", nameof(classNames));
        if (options.Loss.FindFaults(_classes.Count) is { Count: > 0 } lossFaults)
            throw new InvalidTrainingOptionsException([.. lossFaults.Select(fault => fault with { Option = $"{nameof(options.Loss)}.{fault.Option}" })]);
        _model = model;
        _options = options;
    }

    /// <summary>
    /// Trains the network, which afterwards is in evaluation mode and keeps the adapters that it was given. The options, the run folder and the device are checked
    /// before any image is read.
    /// </summary>
    /// <param name="training">The training set; enumerated once, lazily, on another thread.</param>
    /// <param name="validation">The validation set; enumerated once, after the training set. Null for none.</param>
    /// <param name="progress">Told of every image and step, on the calling thread or the one that reads images.</param>
    /// <param name="cancellation">
    /// Ends the run after the step, or the encoder's batch, in hand: what was computed stays in the cache, and the
    /// checkpoint <c>last</c> holds the last step's weights. The run can be resumed from there.
    /// </param>
    /// <returns>What the run came to; <see cref="TrainingResult.Cancelled"/> tells whether it was cancelled.</returns>
    /// <exception cref="InvalidTrainingOptionsException">
    /// A key of <see cref="TrainingOptions.Parts"/> fits no trained parameter, or <see cref="TrainingOptions.Adapters"/> do
    /// not fit the network or are not those that it has.
    /// </exception>
    /// <exception cref="ArgumentException">Early stopping, or the best few epochs' checkpoints, are asked for without a validation set.</exception>
    /// <exception cref="DatasetException">A set is empty, a label has another size than its image, or holds an id that is neither a class nor void.</exception>
    /// <exception cref="TrainingDivergedException">The loss, a gradient or a weight is no longer finite.</exception>
    /// <exception cref="IOException">The run folder holds a run already, or a file cannot be read or written.</exception>
    /// <exception cref="ResumeException"><see cref="TrainingOptions.Resume"/> is set, and the run was begun with other options or data, or nothing sound is left of it.</exception>
    /// <exception cref="InsufficientMemoryException">The device's memory is too small for one image at a time, or for the optimiser.</exception>
    /// <exception cref="InvalidOperationException">The device is not there or does not compute in the encoder's precision, or the network is not float32.</exception>
    public TrainingResult Train(
        IEnumerable<LabeledImage> training,
        IEnumerable<LabeledImage>? validation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (_options.EarlyStopping is not null && validation is null)
            throw new ArgumentException($"{nameof(TrainingOptions.EarlyStopping)} needs a validation set.", nameof(validation));
        if (_options.KeepTop > 0 && validation is null)
            throw new ArgumentException($"{nameof(TrainingOptions.KeepTop)} needs a validation set.", nameof(validation));
        CheckWeights();
        var device = DeviceName.Resolve(_options.Device);
        _options.EncoderPrecision.Check(device);
        _model.to(device);
        _model.image_encoder.Precision = _options.EncoderPrecision;
        AddAdapters();
        using var network = new TrainedNetwork(_model, _options.Trained);
        var groups = ParameterGroup.Divide(network.Parameters, _options);
        using var folder = _options.RunFolder is { } path ? RunFolder.Claim(path, _options.Resume) : null;
        var identity = folder is null || _options.CheckpointEvery == 0 ? null : RunIdentity.Of(_model, _classes.Names, _options, network);
        using var saved = _options.Resume ? SavedRun.Find(folder!) : null;
        saved?.Check(identity!);
        NativeAllocator.KeepFreedMemory();
        if (_options.ThreadCount is { } threads)
            set_num_threads(threads);

        var report = new RunProgress(progress, _options.Epochs);
        if (saved is { State.Finished: true })
            return TakeEnd(saved, network, folder!, report);
        using var cache = new CacheFolder(_options.CacheFolder);
        if (Prepare() is not { } data)
            return new TrainingResult { Epochs = [], Cancelled = true };
        saved?.Check(data);
        using var loop = new EpochLoop(_model, _classes, _options, device, data, network, groups, folder, identity, report, cancellation);
        return loop.Run(saved);

        TrainingData? Prepare()
        {
            try
            {
                return TrainingData.Prepare(
                    _model, _classes, _options, device, new TensorCache(cache.Path), training, validation,
                    (stage, done, total) => report.Stage(stage, 0, done, total), report.Reduced, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    // A run that had ended gives the same once more, without its data.
    private static TrainingResult TakeEnd(SavedRun saved, TrainedNetwork network, RunFolder folder, RunProgress report)
    {
        foreach (var (name, parameter) in network.Parameters)
            saved.CopyTo(RunSaver.Weight(name), parameter);
        var position = saved.Position();
        var state = position.State;
        report.Resumed(new ResumedRun { Epochs = state.Epoch, Step = state.Step, Finished = true, Warnings = saved.Warnings }, 0, 0);
        var model = folder.PathOf(RunFolder.ModelFile);
        return new TrainingResult { Epochs = position.Epochs, BestEpoch = state.BestEpoch, ModelPath = File.Exists(model) ? model : null, Steps = state.Step };
    }

    // A network that has adapters goes on with them, if they are those that the options mean.
    private void AddAdapters()
    {
        if (_options.Trained != TrainedParts.DecoderAndAdapters)
            return;
        var wanted = _options.Adapters.Resolve();
        var faults = wanted.FindFaults(_model.Config).Select(fault => fault.Within(nameof(_options.Adapters))).ToList();
        if (_model.Adapters is { } present && present != wanted)
            faults.Add(nameof(_options.Adapters), $"are {wanted}, but the network has {present} already; state these, or start from a network without adapters.");
        if (faults.Count > 0)
            throw new InvalidTrainingOptionsException(faults);
        if (_model.Adapters is not null)
            return;
        manual_seed(_options.Seed);
        _model.AddAdapters(wanted);
    }

    private void CheckWeights()
    {
        foreach (var (name, parameter) in _model.named_parameters())
        {
            if (parameter.dtype != ScalarType.Float32)
                throw new InvalidOperationException($"Training needs float32 weights; {name} is {parameter.dtype}.");
        }
    }
}
