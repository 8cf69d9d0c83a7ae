using System.Globalization;
using SamSegmentation.Cli.Display;
using SamSegmentation.ML.Training;

namespace SamSegmentation.Cli.Training;

/// <summary>Shows a run's progress: a bar for what goes on, a line for each epoch that has ended.</summary>
/// <param name="display">Where it is shown.</param>
/// <param name="warn">Takes what the user should know although the run goes on.</param>
internal sealed class TrainingReport(IDisplay display, Action<string> warn) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Reduced is { } fewer)
            warn(fewer.ToString());
        else if (value.Resumed is { } run)
        {
            foreach (var warning in run.Warnings)
                warn(warning);
            display.Line($"resumed     {(run.Finished ? "a run that had ended; nothing is trained" : "the run goes on")}: {run.Epochs} epoch(s), {run.Step} step(s)");
        }
        else if (value.Completed is { } epoch)
            display.Line(Line(epoch, value.Epochs));
        else
            display.Progress(Stage(value), value.Done, value.Total, Detail(value));
    }

    /// <summary>An epoch on one line.</summary>
    /// <param name="epoch">What it came to.</param>
    /// <param name="epochs">The run's epochs.</param>
    public static string Line(EpochMetrics epoch, int epochs)
    {
        var width = epochs.ToString(CultureInfo.InvariantCulture).Length;
        var parts = new List<string>
        {
            $"epoch {epoch.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(width)}/{epochs}",
            $"loss {Number(epoch.TrainingLoss)}",
            $"lr {Rate(epoch.LearningRate)}",
        };
        if (epoch.Training is { } training)
            parts.Add($"train mIoU {Number(training.MeanIoU)}");
        if (epoch.ValidationLoss is { } loss)
            parts.Add($"val loss {Number(loss)}");
        if (epoch.Validation is { } validation)
            parts.Add($"val mIoU {Number(validation.MeanIoU)}");
        if (epoch.IsBest)
            parts.Add("best");
        return string.Join("  ", parts);
    }

    private static string Stage(TrainingProgress progress) => progress.Stage switch
    {
        TrainingStage.Preparing => "preparing training images",
        TrainingStage.PreparingValidation => "preparing validation images",
        TrainingStage.Training => $"epoch {progress.Epoch}/{progress.Epochs}",
        TrainingStage.Validation => $"epoch {progress.Epoch}/{progress.Epochs}, validation",
        _ => "saving",
    };

    private static string Detail(TrainingProgress progress) => string.Join(
        "  ",
        new[] { progress.Loss is { } loss ? $"loss {Number(loss)}" : null, progress.LearningRate is { } rate ? $"lr {Rate(rate)}" : null }.OfType<string>());

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Rate(double value) => value.ToString("0.00e+00", CultureInfo.InvariantCulture);
}
