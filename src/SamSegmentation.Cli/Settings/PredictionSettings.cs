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

    /// <summary>Images that the network takes at once, in evaluation too; null for as many as suit the device.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Whether, and at which size, an image is cut into windows, in evaluation too.</summary>
    public SlidingWindow Window { get; init; } = InferenceOptions.Default.Window;

    /// <summary>The least part of a window that its neighbour covers too.</summary>
    public double Overlap { get; init; } = InferenceOptions.Default.Overlap;

    /// <summary>Whether images are seen mirrored too.</summary>
    public bool Flip { get; init; } = InferenceOptions.Default.Flip;

    /// <summary>The sizes at which images are seen.</summary>
    public IReadOnlyList<double> Scales { get; init; } = [1];

    /// <summary>How often, and at which sizes, the network looks at an image.</summary>
    public InferenceOptions Inference => new() { Window = Window, Overlap = Overlap, Flip = Flip, Scales = Scales };

    /// <summary><see cref="Pictures"/> as flags.</summary>
    public PredictionOutput Outputs => Pictures.Aggregate(PredictionOutput.None, (all, one) => all | one);
}
