using System.Text.Json;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Runs;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Resuming;

/// <summary>A state that a run left in its folder, open to be read.</summary>
internal sealed class SavedRun : IDisposable
{
    private readonly Checkpoint _tensors;

    private SavedRun(string folder, RunState state, Checkpoint tensors, string optimizerPath, List<string> warnings)
    {
        (Folder, State, _tensors, OptimizerPath) = (folder, state, tensors, optimizerPath);
        Warnings = warnings;
    }

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>What the state says.</summary>
    public RunState State { get; }

    /// <summary>The optimiser's file.</summary>
    public string OptimizerPath { get; }

    /// <summary>What was found damaged or cut short.</summary>
    public List<string> Warnings { get; }

    /// <summary>Opens the newest sound state of a folder.</summary>
    /// <returns>Null when the folder holds no run, or one that was ended before its first step: that begins anew.</returns>
    /// <exception cref="ResumeException">All states are damaged or of another version, or there is a run and no state.</exception>
    public static SavedRun? Find(RunFolder folder)
    {
        var damages = new List<string>();
        if (folder.States.FindNewest(damages) is { } number)
            return Open(folder, number, damages);
        if (damages.Count > 0)
            throw new ResumeException(folder.Path, "no state in it is sound. Its checkpoints best and last can start another run:", damages);
        string[] trained = [RunFolder.BestFile, RunFolder.LastFile, RunFolder.ModelFile];
        if (trained.FirstOrDefault(file => File.Exists(folder.PathOf(file))) is { } found)
            throw new ResumeException(folder.Path, $"it holds a run, for there is a {found}, but no state in '{folder.States.Path}'. Checkpoints can start another run, in another folder.");
        return null;
    }

    /// <summary>Checks that the run had what it has now.</summary>
    /// <exception cref="ResumeException">It had not; all differences are listed.</exception>
    public void Check(RunIdentity now) => ThrowIfAny(State.Identity.DifferencesTo(now));

    /// <summary>Checks that the run had the same data.</summary>
    /// <exception cref="ResumeException">It had not; the first different sample of each set is named.</exception>
    public void Check(TrainingData now) => ThrowIfAny([.. new[]
    {
        SampleDigests.Difference("the training set", Numbers(RunSaver.TrainingDigests), now.Training),
        SampleDigests.Difference("the validation set", Numbers(RunSaver.ValidationDigests), now.Validation),
    }.OfType<string>()]);

    /// <summary>Whether the state has a tensor.</summary>
    public bool Holds(string name) => _tensors.Entries.ContainsKey(name);

    /// <summary>Reads one of the state's tensors, which the caller disposes.</summary>
    public Tensor Read(string name) => _tensors.Read(name);

    /// <summary>Copies one of the state's tensors into another.</summary>
    public void CopyTo(string name, Tensor target)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        target.copy_(Read(name));
    }

    /// <summary>Where the run stands.</summary>
    public RunPosition Position()
    {
        var classes = State.Identity.Classes;
        var epochs = State.Epochs.Select(epoch => new EpochMetrics
        {
            Epoch = epoch.Number,
            Step = epoch.Step,
            LearningRate = epoch.LearningRate,
            TrainingLoss = epoch.TrainingLoss,
            ValidationLoss = epoch.ValidationLoss,
            IsBest = epoch.IsBest,
            Training = epoch.HasTraining ? Matrix(RunSaver.TrainingCounts(epoch.Number), classes.Count).ToMetrics(classes) : null,
            Validation = epoch.HasValidation ? Matrix(RunSaver.ValidationCounts(epoch.Number), classes.Count).ToMetrics(classes) : null,
        }).ToArray();
        return new RunPosition(State.Position, epochs, State.InHand is { } tally ? InHand(tally) : null);
    }

    public void Dispose() => _tensors.Dispose();

    private static SavedRun Open(RunFolder folder, long number, List<string> damages)
    {
        var path = folder.States.PathOf(number, StateFolder.Tensors);
        var tensors = Checkpoint.Open(path);
        try
        {
            var state = tensors.Metadata.TryGetValue(RunSaver.Metadata, out var json) ? RunState.Parse(json) : null;
            if (state?.Version != RunState.CurrentVersion)
                throw new ResumeException(folder.Path, $"'{path}' is of version {state?.Version.ToString() ?? "none"}, expected {RunState.CurrentVersion}.");
            return new SavedRun(
                folder.Path, state, tensors, folder.States.PathOf(number, StateFolder.Optimizer),
                [.. damages.Select(damage => $"{damage}; going on from the state before it")]);
        }
        catch (JsonException e)
        {
            tensors.Dispose();
            throw new ResumeException(folder.Path, $"'{path}' is no state of version {RunState.CurrentVersion}: {e.Message}");
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    private void ThrowIfAny(IReadOnlyList<string> differences)
    {
        if (differences.Count > 0)
            throw new ResumeException(Folder, "it was begun with something else. Give what it had, or begin another run in another folder:", differences);
    }

    private EpochTally InHand(RunState.Tally tally) => new(
        State.Position.Epoch + 1,
        Holds(RunSaver.CountsInHand) ? Matrix(RunSaver.CountsInHand, State.Identity.Classes.Count) : null)
    {
        Steps = tally.Steps,
        LossSum = tally.LossSum,
        Pixels = tally.Pixels,
        LearningRate = tally.LearningRate,
        LastLoss = tally.LastLoss,
    };

    private ConfusionMatrix Matrix(string name, int classes)
    {
        var counts = Numbers(name);
        var matrix = new ConfusionMatrix(classes, new ClassList(State.Identity.Classes).VoidId);
        for (var i = 0; i < counts.Length; i++)
            matrix.Add(i / classes, i % classes, counts[i]);
        return matrix;
    }

    private long[] Numbers(string name)
    {
        if (!Holds(name))
            return [];
        using var tensor = Read(name);
        return tensor.data<long>().ToArray();
    }
}
