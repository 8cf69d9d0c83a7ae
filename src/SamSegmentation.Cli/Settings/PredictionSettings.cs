using SamSegmentation.ML.Prediction;

namespace SamSegmentation.Cli.Settings;

/// <summary>What prediction writes, and where.</summary>
internal sealed record PredictionSettings
{
    /// <summary>The folder to write into.</summary>
    public string Output { get; init; } = "outputs";

    /// <summary>The pictures to write.</summary>
    public IReadOnlyList<PredictionOutput> Pictures { get; init; } = [PredictionOutput.Grey, PredictionOutput.Color, PredictionOutput.Overlay];

    /// <summary>Opacity of the colours over the photograph.</summary>
    public double Opacity { get; init; } = 0.5;

    /// <summary>Whether each class's probabilities are written too.</summary>
    public bool Probabilities { get; init; }

    /// <summary>Images that the network takes at once, in evaluation too.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary><see cref="Pictures"/> as flags.</summary>
    public PredictionOutput Outputs => Pictures.Aggregate(PredictionOutput.None, (all, one) => all | one);
}
