using System.Diagnostics;
using System.Globalization;
using SamSegmentation.ML.Training;
using Spectre.Console;

namespace SamSegmentation.Demo;

/// <summary>Shows what the demo does: lines, and on a terminal a bar below them for the work in hand.</summary>
/// <param name="output">Takes the lines when there is no terminal.</param>
/// <param name="terminal">The terminal; null for plain lines.</param>
public sealed class DemoDisplay(TextWriter output, IAnsiConsole? terminal = null) : IProgress<TrainingProgress>
{
    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private ProgressContext? _bars;
    private ProgressTask? _bar;

    /// <summary>Shows a line that stays.</summary>
    public void Line(string text)
    {
        lock (_lock)
        {
            if (terminal is null)
                output.WriteLine(text);
            else
                terminal.WriteLine(text);
        }
    }

    /// <summary>Does long work and shows its progress meanwhile.</summary>
    public T While<T>(Func<T> work)
    {
        if (terminal is null)
            return work();
        try
        {
            return terminal.Progress()
                .AutoClear(true)
                .HideCompleted(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(bars =>
                {
                    lock (_lock)
                        _bars = bars;
                    return work();
                });
        }
        finally
        {
            lock (_lock)
                (_bars, _bar) = (null, null);
        }
    }

    /// <summary>Shows how far some work has come.</summary>
    public void Progress(string stage, int done, int? total)
    {
        lock (_lock)
        {
            if (_bars is null)
                return;
            if (_bar?.Description != stage)
            {
                _bar?.StopTask();
                _bar = _bars.AddTask(stage);
            }
            _bar.IsIndeterminate = total is null;
            _bar.MaxValue = Math.Max(1, total ?? 1);
            _bar.Value = total is null ? 0 : done;
        }
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        string stage = value.Stage switch
        {
            TrainingStage.Preparing => "preparing images",
            TrainingStage.PreparingValidation => "preparing validation images",
            TrainingStage.Training => $"epoch {value.Epoch} of {value.Epochs}",
            TrainingStage.Validation => "validating",
            _ => "saving",
        };
        Progress(stage, value.Done, value.Total);
        if (value.Completed is { } epoch)
            Line(Describe(epoch, value.Epochs));
    }

    private string Describe(EpochMetrics epoch, int epochs)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Epoch,2} of {epochs}  {(int)_clock.Elapsed.TotalMinutes}:{_clock.Elapsed.Seconds:00}  loss {epoch.TrainingLoss:F3}");
        if (epoch.Training is { } training)
            line += string.Create(CultureInfo.InvariantCulture, $"  train mIoU {training.MeanIoU:F3}");
        if (epoch.Validation is { } validation)
            line += string.Create(CultureInfo.InvariantCulture, $"  val mIoU {validation.MeanIoU:F3}");
        return line;
    }
}
