using System.Globalization;
using Microsoft.ML.Runtime;
using SamSegmentation.ML.Training;

namespace SamSegmentation.ML.Pipeline.Fitting;

/// <summary>Passes a training's progress on: to the context's log, to its progress channel, and to the options' callback.</summary>
internal sealed class FitReport(IChannel log, IProgressChannel channel, Action<EpochMetrics>? callback) : IProgress<TrainingProgress>
{
    private TrainingStage? _stage;
    private int _epoch;

    // Read by the channel whenever it likes, on a thread of its own.
    private volatile TrainingProgress? _current;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        _current = value;
        if (value.Stage != _stage || value.Epoch != _epoch)
            Begin(value);
        if (value.Reduced is { } fewer)
            log.Warning(MessageSensitivity.None, fewer.ToString());
        if (value.Resumed is { } run)
            GoOn(run);
        if (value.Completed is { } epoch)
            End(epoch, value.Epochs);
    }

    private void Begin(TrainingProgress value)
    {
        (_stage, _epoch) = (value.Stage, value.Epoch);
        var unit = value.Stage switch
        {
            TrainingStage.Training => "steps",
            TrainingStage.Saving => "files",
            _ => "images",
        };
        channel.SetHeader(new ProgressHeader([unit, "epochs"]), entry =>
        {
            if (_current is not { } now)
                return;
            if (now.Total is { } total)
                entry.SetProgress(0, now.Done, total);
            else
                entry.SetProgress(0, now.Done);
            entry.SetProgress(1, Math.Max(0, now.Epoch - 1), now.Epochs);
        });
        var what = value.Stage switch
        {
            TrainingStage.Preparing => "Reading the training set",
            TrainingStage.PreparingValidation => "Reading the validation set",
            TrainingStage.Training => "Training",
            TrainingStage.Validation => "Validating",
            _ => "Saving",
        };
        log.Trace(MessageSensitivity.None, value.Epoch > 0 ? $"{what}: epoch {value.Epoch} of {value.Epochs}" : what);
    }

    private void GoOn(ResumedRun run)
    {
        foreach (var warning in run.Warnings)
            log.Warning(MessageSensitivity.None, warning);
        log.Info(MessageSensitivity.None, run.Finished
            ? $"The run had come to its end after {run.Epochs} epochs, {run.Step} steps; nothing is trained"
            : $"The run goes on after {run.Epochs} epochs, {run.Step} steps");
    }

    private void End(EpochMetrics epoch, int epochs)
    {
        channel.Checkpoint(null, epoch.Epoch);
        log.Info(MessageSensitivity.None, Describe(epoch, epochs));
        callback?.Invoke(epoch);
    }

    private static string Describe(EpochMetrics epoch, int epochs)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"Epoch {epoch.Epoch} of {epochs}: loss {epoch.TrainingLoss:F4}, learning rate {epoch.LearningRate:G4}");
        if (epoch.Training is { } training)
            text += string.Create(CultureInfo.InvariantCulture, $", training mIoU {training.MeanIoU:F4}");
        if (epoch is { ValidationLoss: { } loss, Validation: { } validation })
            text += string.Create(CultureInfo.InvariantCulture, $", validation loss {loss:F4}, validation mIoU {validation.MeanIoU:F4}{(epoch.IsBest ? " (best so far)" : "")}");
        return text;
    }
}
