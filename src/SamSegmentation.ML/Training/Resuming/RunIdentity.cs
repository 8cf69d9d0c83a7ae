using System.Text.Json.Nodes;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training.Optimization;
using SamSegmentation.ML.Training.Runs;

namespace SamSegmentation.ML.Training.Resuming;

/// <summary>What a run was begun with, beside its data: a run that goes on must have the same.</summary>
internal sealed record RunIdentity
{
    // Where a run's files lie, how often it reports, and what computes it, may change.
    private static readonly HashSet<string> s_free =
    [
        nameof(TrainingOptions.RunFolder), nameof(TrainingOptions.Resume), nameof(TrainingOptions.CheckpointEvery), nameof(TrainingOptions.SaveModel),
        nameof(TrainingOptions.CacheFolder), nameof(TrainingOptions.ReuseCache), nameof(TrainingOptions.ImagesLogged), nameof(TrainingOptions.ReportImages),
        nameof(TrainingOptions.LogEvery),
        nameof(TrainingOptions.Device), nameof(TrainingOptions.ThreadCount), nameof(TrainingOptions.EncoderBatchSize), nameof(TrainingOptions.MicroBatchSize),
    ];

    /// <summary>The options, as the run folder holds them.</summary>
    public required JsonObject Options { get; init; }

    /// <summary>The network's dimensions and head.</summary>
    public required string Network { get; init; }

    /// <summary>The classes' names.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The names of the trained parameters.</summary>
    public required IReadOnlyList<string> Trained { get; init; }

    /// <summary>The hash of all weights that are not trained.</summary>
    public required string FrozenHash { get; init; }

    /// <summary>Takes it from what is about to be trained.</summary>
    public static RunIdentity Of(SemanticSam model, IReadOnlyList<string> classes, TrainingOptions options, TrainedNetwork network)
    {
        var trained = network.Parameters.Select(pair => pair.Name).ToHashSet();
        return new RunIdentity
        {
            Options = RunFolder.ToJson(options),
            Network = $"{model.Config}, head {model.Head}",
            Classes = [.. classes],
            Trained = [.. network.Parameters.Select(pair => pair.Name)],
            FrozenHash = WeightsHash.Compute(model.state_dict().Where(pair => !trained.Contains(pair.Key))),
        };
    }

    /// <summary>Lists what differs from what a run has now.</summary>
    public IReadOnlyList<string> DifferencesTo(RunIdentity now)
    {
        var differences = new List<string>();
        // A state of an earlier version does not know every option.
        var defaults = RunFolder.ToJson(TrainingOptions.Default);
        foreach (var option in Options.Concat(now.Options).Select(pair => pair.Key).Distinct().Where(option => !s_free.Contains(option)))
        {
            var then = Options.ContainsKey(option) ? Options[option] : defaults[option];
            if (!JsonNode.DeepEquals(then, now.Options[option]))
                differences.Add($"{option}: {Show(then)} then, {Show(now.Options[option])} now");
        }
        if (Network != now.Network)
            differences.Add($"the network: {Network} then, {now.Network} now");
        if (!Classes.SequenceEqual(now.Classes))
            differences.Add($"the classes: {string.Join(", ", Classes)} then, {string.Join(", ", now.Classes)} now");
        // Where these differ by the options or the network, that has been said.
        if (differences.Count == 0 && !Trained.SequenceEqual(now.Trained))
            differences.Add($"the trained parameters: {Trained.Count} then, {now.Trained.Count} now; {Others()}");
        if (differences.Count == 0 && FrozenHash != now.FrozenHash)
            differences.Add($"the weights that are not trained: their hash was {FrozenHash} then and is {now.FrozenHash} now; start from the same checkpoint");
        return differences;

        string Others() => string.Join(", ", Trained.Except(now.Trained).Concat(now.Trained.Except(Trained)).Take(3));
    }

    private static string Show(JsonNode? value) => value?.ToJsonString() ?? "none";
}
