using SamSegmentation.ML.Training;

namespace SamSegmentation.Cli.Settings;

/// <summary>Everything that samseg can be told. Each command reads its own part; a file may hold all of it.</summary>
internal sealed record SamSegSettings
{
    /// <summary>What holds where nothing is said.</summary>
    public static SamSegSettings Default { get; } = new();

    /// <summary>Where the network comes from.</summary>
    public ModelSettings Model { get; init; } = new();

    /// <summary>The images and masks.</summary>
    public DatasetSettings Dataset { get; init; } = new();

    /// <summary>What the training settings started from.</summary>
    public Protocol Protocol { get; init; } = Protocol.Default;

    /// <summary>How to train, but for the schedule; device and threads hold for all commands.</summary>
    public TrainingOptions Training { get; init; } = TrainingOptions.Default;

    /// <summary>What early stopping looks at.</summary>
    public ValidationMetric EarlyStoppingMetric { get; init; }

    /// <summary>By how much that must get better for training not to stop early.</summary>
    public double EarlyStoppingGain { get; init; }

    /// <summary>The learning rate's schedule.</summary>
    public ScheduleChoice Schedule { get; init; } = ScheduleChoice.Of(Protocol.Default);

    /// <summary>What is evaluated.</summary>
    public EvaluationSplit EvaluationSplit { get; init; } = EvaluationSplit.Val;

    /// <summary>What prediction writes.</summary>
    public PredictionSettings Prediction { get; init; } = new();

    /// <summary>The settings with a protocol's training settings in place of these.</summary>
    /// <param name="protocol">The protocol.</param>
    public SamSegSettings StartFrom(Protocol protocol) => this with
    {
        Protocol = protocol,
        Training = protocol == Protocol.Reference ? TrainingOptions.Reference : TrainingOptions.Default,
        Schedule = ScheduleChoice.Of(protocol),
    };
}
