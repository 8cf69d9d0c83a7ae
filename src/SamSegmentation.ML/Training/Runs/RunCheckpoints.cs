using System.Globalization;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Modeling;

namespace SamSegmentation.ML.Training.Runs;

/// <summary>Writes a run's checkpoints, with the weights that are in the network, and its whole model.</summary>
/// <param name="folder">The run's folder.</param>
/// <param name="model">The network.</param>
/// <param name="classes">Its classes.</param>
/// <param name="options">The run's options.</param>
/// <param name="encoderHash">The frozen encoder's hash; null where the encoder is trained.</param>
/// <param name="progress">Told of the files.</param>
internal sealed class RunCheckpoints(RunFolder folder, SemanticSam model, ClassList classes, TrainingOptions options, string? encoderHash, RunProgress progress)
{
    /// <summary>Writes what an epoch that has ended leaves: <c>last</c>; <c>best</c> if it is that; and one of its own among the best few.</summary>
    /// <param name="epochs">The epochs so far; the last of them is the one.</param>
    public void SaveEpoch(IReadOnlyList<EpochMetrics> epochs)
    {
        var ended = epochs[^1];
        var top = Top(epochs);
        List<string> files = [RunFolder.LastFile];
        if (ended.IsBest)
            files.Insert(0, RunFolder.BestFile);
        if (top.Contains(ended))
            files.Add(FileOf(ended));
        Save(ended.Epoch, ended.Step, files);
        // The others of before, and, in a run that goes on, what epochs left that are trained again.
        if (options.KeepTop > 0)
            folder.RemoveTop(except: [.. top.Select(FileOf)]);
    }

    /// <summary>Writes <c>last</c> in the middle of an epoch.</summary>
    /// <param name="epoch">Epochs that have ended.</param>
    /// <param name="step">Steps taken.</param>
    public void SaveLast(int epoch, long step) => Save(epoch, step, [RunFolder.LastFile]);

    /// <summary>Writes the whole network.</summary>
    /// <param name="epoch">The epoch whose weights it has.</param>
    /// <param name="step">The steps until then.</param>
    /// <returns>The file's path.</returns>
    public string SaveModel(int epoch, long step)
    {
        progress.Stage(TrainingStage.Saving, options.Epochs, 0, 1);
        var path = folder.SaveModel(model, Describe(epoch, step));
        progress.Stage(TrainingStage.Saving, options.Epochs, 1, 1);
        return path;
    }

    private void Save(int epoch, long step, IReadOnlyList<string> files)
    {
        progress.Stage(TrainingStage.Saving, epoch, 0, files.Count);
        for (var i = 0; i < files.Count; i++)
        {
            folder.SaveCheckpoint(files[i], model, Describe(epoch, step), encoderHash);
            progress.Stage(TrainingStage.Saving, epoch, i + 1, files.Count);
        }
    }

    // A function of the epochs alone, so that a run that goes on has the same.
    private EpochMetrics[] Top(IReadOnlyList<EpochMetrics> epochs)
    {
        // Of equal ones the first comes first, and what is no number comes last.
        return [.. epochs.Where(epoch => Value(epoch) is not null).OrderByDescending(epoch => Value(epoch)!.Value).Take(options.KeepTop)];

        double? Value(EpochMetrics epoch) => options.KeepTopMetric == ValidationMetric.Loss ? -options.KeepTopMetric.Of(epoch) : options.KeepTopMetric.Of(epoch);
    }

    private string FileOf(EpochMetrics epoch) => RunFolder.TopFile(epoch.Epoch, options.KeepTopMetric.FileName(), options.KeepTopMetric.Of(epoch)!.Value);

    private SavedModelInfo Describe(int epoch, long step) => new()
    {
        Config = model.Config,
        Head = model.Head,
        ClassNames = classes.Names,
        Preprocessing = options.Preprocessing.ToString(),
        Notes = new Dictionary<string, string>
        {
            ["epoch"] = epoch.ToString(CultureInfo.InvariantCulture),
            ["step"] = step.ToString(CultureInfo.InvariantCulture),
        },
    };
}
