using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Optimization;
using SamSegmentation.ML.Training.Runs;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Resuming;

/// <summary>Writes all that a run needs to go on as if it had never stopped, and takes it back.</summary>
/// <param name="folder">The run's folder.</param>
/// <param name="identity">What the run was begun with.</param>
/// <param name="data">Its data.</param>
/// <param name="network">What is trained.</param>
/// <param name="optimizer">Its optimiser.</param>
/// <param name="average">The weights' average, not in place while a state is written or read; null without one.</param>
internal sealed class RunSaver(
    RunFolder folder, RunIdentity identity, TrainingData data, TrainedNetwork network, StepOptimizer optimizer, WeightAverage? average)
{
    public const string Metadata = "samsegmentation.run";
    public const string TrainingDigests = "data.training";
    public const string ValidationDigests = "data.validation";
    public const string CountsInHand = "counts.in_hand";
    private const string Generator = "generator";

    private readonly string[] _names = [.. network.Parameters.Select(pair => pair.Name)];

    // The data stay the same as long as a run lasts, and a state may be written after each step.
    private readonly long[] _trainingDigests = SampleDigests.Of(data.Training);
    private readonly long[] _validationDigests = SampleDigests.Of(data.Validation);

    public static string TrainingCounts(int epoch) => $"counts.{epoch}.training";

    public static string ValidationCounts(int epoch) => $"counts.{epoch}.validation";

    public static string Weight(string name) => $"weight.{name}";

    /// <summary>Writes where the run stands, with the weights themselves in the network.</summary>
    /// <param name="position">Where it stands.</param>
    /// <param name="best">The weights of the best epoch so far; null when there is none or they are not kept.</param>
    public void Save(RunPosition position, WeightSnapshot? best)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var tensors = Weights();
        if (average is not null)
            tensors.AddRange(Named("average", average.Tensors));
        if (best is not null)
            tensors.AddRange(Named("best", best.Tensors));
        // No step draws from torch's generator today; a caller who does afterwards goes on with the same numbers.
        tensors.Add(new(Generator, get_rng_state()));
        tensors.AddRange(Counts(position));
        Add(TrainingDigests, _trainingDigests);
        Add(ValidationDigests, _validationDigests);
        Write(position, tensors, finished: false);

        void Add(string name, long[] numbers)
        {
            if (numbers.Length > 0)
                tensors.Add(new(name, tensor(numbers)));
        }
    }

    /// <summary>Writes that the run has come to its end, with the weights that it ended with, and removes all other states.</summary>
    public void SaveEnd(RunPosition position)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Write(position, [.. Weights(), .. Counts(position)], finished: true);
    }

    /// <summary>Gives network, average, optimiser and torch's generator what a state holds.</summary>
    /// <param name="saved">The state, of a run that had not ended.</param>
    /// <returns>Where the run stands, and its best weights.</returns>
    public (RunPosition Position, WeightSnapshot? Best) Restore(SavedRun saved)
    {
        var position = saved.Position();
        foreach (var (name, parameter) in network.Parameters)
            saved.CopyTo(Weight(name), parameter);
        if (average is not null)
            CopyTo("average", average.Tensors);
        optimizer.Load(saved.OptimizerPath);
        using (var state = saved.Read(Generator))
            set_rng_state(state);
        if (!saved.Holds($"best.{_names[0]}"))
            return (position, null);
        var best = new WeightSnapshot(network.Parameters.Select(pair => pair.Parameter));
        CopyTo("best", best.Tensors);
        return (position, best);

        void CopyTo(string group, IEnumerable<Tensor> targets)
        {
            foreach (var (name, target) in _names.Zip(targets))
                saved.CopyTo($"{group}.{name}", target);
        }
    }

    private void Write(RunPosition position, List<KeyValuePair<string, Tensor>> tensors, bool finished)
    {
        var state = new RunState
        {
            Version = RunState.CurrentVersion,
            Identity = identity,
            Finished = finished,
            Position = position.State,
            Epochs = [.. position.Epochs.Select(epoch => new RunState.Epoch(
                epoch.Epoch, epoch.Step, epoch.LearningRate, epoch.TrainingLoss, epoch.ValidationLoss, epoch.IsBest, epoch.Training is not null, epoch.Validation is not null))],
            InHand = position.Tally is { } tally ? new(tally.Steps, tally.LossSum, tally.Pixels, tally.LearningRate, tally.LastLoss) : null,
            LogLength = folder.LogLength,
        };
        var metadata = new Dictionary<string, string> { [Metadata] = state.ToJson() };
        folder.States.Write(stream => SafetensorsFile.Write(stream, tensors, metadata), finished ? null : optimizer.Save, alone: finished);
    }

    private List<KeyValuePair<string, Tensor>> Weights() => [.. network.Parameters.Select(pair => KeyValuePair.Create(Weight(pair.Name), pair.Parameter.detach()))];

    private IEnumerable<KeyValuePair<string, Tensor>> Named(string group, IEnumerable<Tensor> tensors) =>
        _names.Zip(tensors, (name, tensor) => KeyValuePair.Create($"{group}.{name}", tensor));

    private IEnumerable<KeyValuePair<string, Tensor>> Counts(RunPosition position)
    {
        foreach (var epoch in position.Epochs)
        {
            if (epoch.Training is { } training)
                yield return new(TrainingCounts(epoch.Epoch), Table(training));
            if (epoch.Validation is { } validation)
                yield return new(ValidationCounts(epoch.Epoch), Table(validation));
        }
        if (position.Tally?.Matrix is { } matrix)
            yield return new(CountsInHand, Table(matrix.ToMetrics()));

        static Tensor Table(SegmentationMetrics metrics) =>
            tensor(metrics.ConfusionMatrix.SelectMany(row => row).ToArray(), metrics.ClassNames.Count, metrics.ClassNames.Count);
    }
}
