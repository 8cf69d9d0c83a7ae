using System.Globalization;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Optimization;
using SamSegmentation.ML.Training.Runs;
using SamSegmentation.ML.Training.Validation;
using TorchSharp;
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
    private readonly RunFolder? _folder;
    private readonly RunLog? _log;
    private readonly RunProgress _progress;
    private readonly CancellationToken _cancellation;
    private readonly List<EpochMetrics> _epochs = [];
    private TrainingState _state = new();
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
        RunProgress progress,
        CancellationToken cancellation)
    {
        (_model, _classes, _options, _data, _network) = (model, classes, options, data, network);
        (_folder, _progress, _cancellation) = (folder, progress, cancellation);
        _optimizer = new StepOptimizer(groups, options);
        var loss = new LossSum(options.Loss, new LossSetting(classes.Count, classes.VoidId, data.Frequencies));
        _step = new TrainingStep(data.Inputs.Forward, loss, _optimizer, device, options.MicroBatchSize);
        _average = options.EmaDecay is { } decay ? new WeightAverage(network.Parameters.Select(pair => pair.Parameter), decay) : null;
        _plan = new EpochPlan(options.Seed, data.Training.Count, options.BatchSize, data.Training.Views);
        _batches = new BatchReader(data.Training, data.Inputs, data.Labels, data.Augmenter, classes.VoidId);
        _validator = data.Validation is null
            ? null
            : new Validator(data.Validation.Samples, data.Inputs, data.Labels, classes, loss, device);
        if (folder is not null)
        {
            folder.SaveOptions(options);
            _log = new RunLog(folder, options);
        }
    }

    public TrainingResult Run()
    {
        try
        {
            _log?.Start(_model, _classes.Names, [.. _network.Parameters.Select(pair => pair.Name)], _data.Training, _data.Validation);
            var result = Finish(cancelled: !RunEpochs());
            _log?.End(result);
            return result;
        }
        catch (Exception error)
        {
            LogFailure(error);
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

    private void LogFailure(Exception error)
    {
        try
        {
            _log?.Failure(error);
        }
        catch (IOException)
        {
            // A log that cannot be written, as on a full disk, must not hide what went wrong before.
        }
    }

    /// <returns>False when the run was cancelled.</returns>
    private bool RunEpochs()
    {
        for (var epoch = 1; epoch <= _options.Epochs; epoch++)
        {
            if (_cancellation.IsCancellationRequested || RunEpoch(epoch) is not { } metrics)
                return false;
            _epochs.Add(metrics);
            _log?.Epoch(metrics);
            _progress.Completed(metrics);
            if (_options.EarlyStopping?.IsDue(_epochs) == true)
                break;
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
        Save(epoch, metrics.IsBest);
        return metrics;
    }

    private EpochMetrics? TakeSteps(int epoch)
    {
        var matrix = _options.MeasureTraining ? new ConfusionMatrix(_classes.Count, _classes.VoidId) : null;
        var (sum, pixels, rate, done) = (0.0, 0L, 0.0, 0);
        _network.BeginSteps();
        _progress.Stage(TrainingStage.Training, epoch, 0, _plan.Steps);
        foreach (var batch in _batches.Read(_plan, epoch))
        {
            using (batch)
            {
                var factor = _options.Schedule.Factor(_state.Step, (long)_plan.Steps * _options.Epochs);
                rate = _options.LearningRate * factor;
                var loss = Take(batch, factor, matrix, epoch, rate);
                _state = _state with { Step = _state.Step + 1 };
                _average?.Update(_state.Step);
                sum += loss * batch.ValidPixels;
                pixels += batch.ValidPixels;
                _log?.Step(epoch, _state.Step, loss, factor);
                _progress.Step(epoch, ++done, _plan.Steps, loss, rate);
            }
            if (_cancellation.IsCancellationRequested)
                return null;
        }
        _network.EndSteps();
        CheckWeights(epoch, rate);
        return new EpochMetrics
        {
            Epoch = epoch,
            Step = _state.Step,
            LearningRate = rate,
            TrainingLoss = sum / pixels,
            Training = matrix?.ToMetrics(_classes.Names),
        };
    }

    private double Take(TrainingBatch batch, double factor, ConfusionMatrix? matrix, int epoch, double rate)
    {
        try
        {
            return _step.Take(batch, factor, matrix is null ? null : (i, logits) => matrix.Add(batch.Targets[i].Label.Ids, TensorArgmax.Of(logits)));
        }
        catch (ArithmeticException e)
        {
            throw new TrainingDivergedException(e.Message, epoch, _state.Step + 1, rate);
        }
    }

    // The last step's own damage would show in no loss any more, and must not be written over a sound checkpoint.
    private void CheckWeights(int epoch, double rate)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (name, parameter) in _network.Parameters)
        {
            if (!parameter.isfinite().all().ToBoolean())
                throw new TrainingDivergedException($"{name} is not finite", epoch, _state.Step, rate);
        }
    }

    private (double Loss, SegmentationMetrics Metrics)? Validate(int epoch)
    {
        try
        {
            return _validator!.Run(
                (index, truth, prediction) =>
                {
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

    private void Save(int epoch, bool isBest)
    {
        if (_folder is null)
            return;
        string[] files = isBest ? [RunFolder.BestFile, RunFolder.LastFile] : [RunFolder.LastFile];
        _progress.Stage(TrainingStage.Saving, epoch, 0, files.Length);
        for (var i = 0; i < files.Length; i++)
        {
            _folder.SaveCheckpoint(files[i], _model, Describe(), _data.EncoderHash);
            _progress.Stage(TrainingStage.Saving, epoch, i + 1, files.Length);
        }
    }

    private TrainingResult Finish(bool cancelled)
    {
        _average?.PutInPlace();
        if (cancelled && _state.Step > 0)
            Save(_state.Epoch, isBest: false);
        _best?.Restore();
        string? path = null;
        if (_folder is not null && _options.SaveModel && !cancelled)
        {
            _progress.Stage(TrainingStage.Saving, _options.Epochs, 0, 1);
            path = _folder.SaveModel(_model, Describe(_best is null ? null : _state.BestEpoch));
            _progress.Stage(TrainingStage.Saving, _options.Epochs, 1, 1);
        }
        return new TrainingResult { Epochs = _epochs.AsReadOnly(), BestEpoch = _state.BestEpoch, Cancelled = cancelled, ModelPath = path, Steps = _state.Step };
    }

    // An earlier epoch's weights are described by that epoch.
    private SavedModelInfo Describe(int? epoch = null)
    {
        var ended = _epochs.Find(metrics => metrics.Epoch == epoch);
        var notes = new Dictionary<string, string>
        {
            ["epoch"] = (epoch ?? _state.Epoch).ToString(CultureInfo.InvariantCulture),
            ["step"] = (ended?.Step ?? _state.Step).ToString(CultureInfo.InvariantCulture),
        };
        return new SavedModelInfo { Config = _model.Config, Head = _model.Head, ClassNames = _classes.Names, Preprocessing = _options.Preprocessing.ToString(), Notes = notes };
    }
}
