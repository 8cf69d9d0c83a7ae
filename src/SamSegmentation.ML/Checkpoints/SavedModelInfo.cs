using SamSegmentation.ML.Modeling;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>What a saved model says about itself, beside its weights.</summary>
public sealed record SavedModelInfo
{
    /// <summary>The network's dimensions.</summary>
    public required SamConfig Config { get; init; }

    /// <summary>The classes' names; the id of a class is its place.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>How images were prepared for it, as the name of a preprocessing mode.</summary>
    public required string Preprocessing { get; init; }

    /// <summary>What its names begin with if the file holds a part of the network, e.g. <c>mask_decoder.</c>; null for all of it.</summary>
    public string? Part { get; init; }

    /// <summary><see cref="WeightsHash"/> of the image encoder that the weights were trained with; null if the encoder is in the file.</summary>
    public string? EncoderHash { get; init; }

    /// <summary>Further texts by name.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();
}
