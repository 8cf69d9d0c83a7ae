using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Optimization;
using SamSegmentation.ML.Training.Resuming;
using SamSegmentation.ML.Training.Runs;
using SamSegmentation.ML.Training.Validation;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training;

/// <summary>A run once its data are in the cache: epochs of steps, validation, checkpoints.</summary>
internal sealed class EpochLoop : IDisposable
{
    private readonly SemanticSam _model;
    private readonly ClassList _classes;
    private readonly TrainingOptions _options;
    private readonly TrainingData _data;
    private readonly TrainedNetwork _network;
    private readonly StepOptimizer _optimizer;
    private readonly TrainingStep _step;
    private readonly WeightAverage? _average;
    private readonly EpochPlan _plan;
    private readonly BatchReader _batches;
    private readonly Validator? _validator;
    private readonly ValidationImages? _images;
    private readonly RunFolder? _folder;
    private readonly RunCheckpoints? _checkpoints;
    private readonly RunSaver? _saver;
    private readonly RunProgress _progress;
    private readonly CancellationToken _cancellation;
    private readonly List<EpochMetrics> _epochs = [];
    private RunLog? _log;
    private TrainingState _state = new();
    private EpochTally? _tally;
    private WeightSnapshot? _best;

    public EpochLoop(
        SemanticSam model,
        ClassList classes,
        TrainingOptions options,
        Device device,
        TrainingData data,
        TrainedNetwork network,
        IReadOnlyList<ParameterGroup> groups,
        RunFolder? folder,
        RunIdentity? identity,
        RunProgress progress,
        CancellationToken cancellation)
    {
        (_model, _classes, _options, _data, _network) = (model, classes, options, data, network);
        (_folder, _progress, _cancellation) = (folder, progress, cancellation);
        _optimizer = new StepOptimizer(groups, options);
        var loss = new LossSum(options.Loss, new LossSetting(classes.Count, classes.VoidId, data.Frequencies));
        _step = new TrainingStep(data.Inputs.Forward, loss, _optimizer, device, options.MicroBatchSize, Reduced);
        _average = options.EmaDecay is { } decay ? new WeightAverage(network.Parameters.Select(pair => pair.Parameter), decay) : null;
        _plan = new EpochPlan(options.Seed, data.Training.Count, options.BatchSize, data.Training.Views);
        _batches = new BatchReader(data.Training, data.Inputs, data.Labels, data.Augmenter, classes.VoidId, device);
        _validator = data.Validation is null
            ? null
            : new Validator(data.Validation.Samples, data.Inputs, data.Labels, classes, loss, device);
        if (data is { Validation: { } validated, Photos: { } photos })
            _images = new ValidationImages(validated.Samples, photos, classes, options.ReportImages);
        if (folder is null)
            return;
        _checkpoints = new RunCheckpoints(folder, model, classes, options, data.EncoderHash, progress);
        if (identity is not null)
            _saver = new RunSaver(folder, identity, data, network, _optimizer, _average);
    }

    /// <summary>Runs what is left of the run.</summary>
    /// <param name="saved">The state to go on from, which is closed when it has been read; null to begin.</param>
    public TrainingResult Run(SavedRun? saved)
    {
        if (saved is not null)
            GoOn(saved);
        try
        {
            if (saved is null)
                Begin();
            var cancelled = !RunEpochs();
            if (cancelled)
                SaveState();
            var result = Finish(cancelled);
            _log?.End(result);
            // Last: a run that has this has all its files.
            if (!cancelled)
                _saver?.SaveEnd(new RunPosition(_state, _epochs, null));
            return result;
        }
        catch (Exception error)
        {
            _log?.Failure(error);
            throw;
        }
    }

    public void Dispose()
    {
        _best?.Dispose();
        _log?.Dispose();
        _average?.Dispose();
        _optimizer.Dispose();
    }

    private void Begin()
    {
        if (_folder is null)
            return;
        _folder.BeginAnew();
        _folder.SaveOptions(_options);
        _log = new RunLog(_folder, _options);
        StartLog();
        // From now on the run can be resumed, and what it was begun with is on record.
        SaveState();
    }

    private void StartLog() =>
        _log!.Start(_model, _classes.Names, [.. _network.Parameters.Select(pair => pair.Name)], _data.Training, _data.Validation);

    private void GoOn(SavedRun saved)
    {
        var (position, best) = _saver!.Restore(saved);
        saved.Dispose();
        (_state, _tally, _best) = (position.State, position.Tally, best);
        _epochs.AddRange(position.Epochs);
        var isLogLost = !_folder!.CutLog(saved.State.LogLength);
        if (isLogLost)
            saved.Warnings.Add($"'{_folder.PathOf(RunFolder.LogFile)}' is shorter than when the state was written, {saved.State.LogLength} bytes; what it held is lost");
        var awaitsValidation = _tally?.Steps == _plan.Steps;
        _log = new RunLog(_folder, _options, awaitsValidation ? _state.Step : _state.Step + 1);
        var resumed = new ResumedRun { Epochs = _state.Epoch, Step = _state.Step, Finished = false, Warnings = saved.Warnings };
        // What follows means nothing to a reader without it.
        if (isLogLost)
            StartLog();
        _log.Resumed(resumed);
        if (awaitsValidation)
            _log.ShowAgain(_state.Step, _tally!.LastLoss, Factor(_state.Step - 1));
        _progress.Resumed(resumed, _tally?.Steps ?? 0, _plan.Steps);
    }

    private void SaveState() => _saver?.Save(new RunPosition(_state, _epochs, _tally), _best);

    /// <returns>False when the run was cancelled.</returns>
    private bool RunEpochs()
    {
        while (_state.Epoch < _options.Epochs && _options.EarlyStopping?.IsDue(_epochs) != true)
        {
            if (_cancellation.IsCancellationRequested || RunEpoch(_state.Epoch + 1) is not { } metrics)
                return false;
            _epochs.Add(metrics);
            _tally = null;
            _log?.Epoch(metrics, metrics.Validation is null ? null : _images);
            SaveState();
            _progress.Completed(metrics);
        }
        return true;
    }

    /// <returns>Null when the run was cancelled.</returns>
    private EpochMetrics? RunEpoch(int epoch)
    {
        if (TakeSteps(epoch) is not { } trained)
            return null;
        // What is measured and written is the average; the steps go on with the weights themselves.
        using var average = _average?.PutInPlace();
        var metrics = trained;
        if (_validator is not null && (epoch % _options.ValidateEvery == 0 || epoch == _options.Epochs))
        {
            if (Validate(epoch) is not { } validated)
                return null;
            metrics = trained with
            {
                ValidationLoss = validated.Loss,
                Validation = validated.Metrics,
                IsBest = _state.IsBest(validated.Metrics.MeanIoU),
            };
        }
        _state = _state with { Epoch = epoch };
        if (metrics.IsBest)
            KeepBest(metrics.Validation!.MeanIoU);
        // Of the weights that the network ends with.
        if (_images is not null && metrics.Validation is not null && (metrics.IsBest || !_options.KeepBest))
            _folder?.SaveImages(_images.Draw(epoch));
        _checkpoints?.SaveEpoch([.. _epochs, metrics]);
        return metrics;
    }

    private EpochMetrics? TakeSteps(int epoch)
    {
        _tally ??= new EpochTally(epoch, _options.MeasureTraining ? new ConfusionMatrix(_classes.Count, _classes.VoidId) : null);
        _network.BeginSteps();
        _progress.Stage(TrainingStage.Training, epoch, _tally.Steps, _plan.Steps);
        foreach (var batch in _batches.Read(_plan, epoch, _tally.Steps))
        {
            using (batch)
                TakeStep(batch, epoch, _tally);
            if (_cancellation.IsCancellationRequested)
                return null;
        }
        _network.EndSteps();
        // The last step's own damage would show in no loss any more, and must not be written over a sound checkpoint.
        if (_network.FindNotFinite() is { } name)
            throw new TrainingDivergedException($"{name} is not finite", epoch, _state.Step, _tally.LearningRate);
        return _tally.ToMetrics(_state.Step, _classes.Names);
    }

    private void TakeStep(TrainingBatch batch, int epoch, EpochTally tally)
    {
        var factor = Factor(_state.Step);
        var rate = _options.LearningRate * factor;
        var loss = Take(batch, factor, tally.Matrix, epoch, rate);
        _state = _state with { Step = _state.Step + 1 };
        _average?.Update(_state.Step);
        _tally = tally.With(loss, batch.ValidPixels, rate);
        _log?.Step(epoch, _state.Step, loss, factor);
        if (_options.CheckpointEvery is > 0 and var every && _state.Step % every == 0)
            SaveState();
        _progress.Step(epoch, _tally.Steps, _plan.Steps, loss, rate);
    }

    private void Reduced(ReducedBatch batch)
    {
        _log?.Reduced(_state.Step + 1, batch);
        _progress.Reduced(batch);
    }

    private double Factor(long step) => _options.Schedule.Factor(step, (long)_plan.Steps * _options.Epochs);

    private double Take(TrainingBatch batch, double factor, ConfusionMatrix? matrix, int epoch, double rate)
    {
        try
        {
            return _step.Take(batch, factor, matrix is null ? null : (i, ids) => matrix.Add(batch.Targets[i].Label.Ids, ids));
        }
        catch (ArithmeticException e)
        {
            throw new TrainingDivergedException(e.Message, epoch, _state.Step + 1, rate);
        }
    }

    private (double Loss, SegmentationMetrics Metrics)? Validate(int epoch)
    {
        _images?.Begin();
        try
        {
            return _validator!.Run(
                (index, truth, prediction) =>
                {
                    _images?.Look(index, truth, prediction);
                    if (_data.Images.Picture(index, truth, prediction) is { } shown)
                        _log?.Picture(shown.Id, shown.Picture, _state.Step);
                },
                done => _progress.Stage(TrainingStage.Validation, epoch, done, _validator.Count),
                _cancellation);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private void KeepBest(double meanIoU)
    {
        _state = _state with { BestEpoch = _state.Epoch, BestMeanIoU = meanIoU };
        if (!_options.KeepBest)
            return;
        _best?.Dispose();
        _best = new WeightSnapshot(_network.Parameters.Select(pair => pair.Parameter));
    }

    private TrainingResult Finish(bool cancelled)
    {
        _average?.PutInPlace();
        if (cancelled && _state.Step > 0)
            _checkpoints?.SaveLast(_state.Epoch, _state.Step);
        _best?.Restore();
        // An earlier epoch's weights are described by that epoch.
        var from = _best is null ? null : _epochs.Find(epoch => epoch.Epoch == _state.BestEpoch);
        var path = _options.SaveModel && !cancelled ? _checkpoints?.SaveModel(from?.Epoch ?? _state.Epoch, from?.Step ?? _state.Step) : null;
        return new TrainingResult { Epochs = _epochs.AsReadOnly(), BestEpoch = _state.BestEpoch, Cancelled = cancelled, ModelPath = path, Steps = _state.Step };
    }
}
