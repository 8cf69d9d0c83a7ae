using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SamSegmentation.ML.Training.Resuming;

/// <summary>What a state says in words and numbers; its tensors and counts lie beside it.</summary>
internal sealed record RunState
{
    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions s_json = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public required int Version { get; init; }

    /// <summary>What the run was begun with.</summary>
    public required RunIdentity Identity { get; init; }

    /// <summary>Whether the run has come to its end; then its tensors are the weights that it ended with, and nothing else.</summary>
    public required bool Finished { get; init; }

    /// <summary>Where the run stands.</summary>
    public required TrainingState Position { get; init; }

    /// <summary>The epochs that have ended.</summary>
    public required IReadOnlyList<Epoch> Epochs { get; init; }

    /// <summary>What the epoch in hand has come to; null between epochs.</summary>
    public required Tally? InHand { get; init; }

    /// <summary>The log's length in bytes; what it holds beyond comes from steps that are taken again.</summary>
    public required long LogLength { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <exception cref="JsonException">The text is no state of this version.</exception>
    public static RunState Parse(string json) => JsonSerializer.Deserialize<RunState>(json, s_json) ?? throw new JsonException("The text is null.");

    /// <summary>An epoch without its metrics' counts.</summary>
    internal sealed record Epoch(int Number, long Step, double LearningRate, double TrainingLoss, double? ValidationLoss, bool IsBest, bool HasTraining, bool HasValidation);

    /// <summary>An epoch in hand without its counts.</summary>
    internal sealed record Tally(int Steps, double LossSum, long Pixels, double LearningRate, double LastLoss);
}
