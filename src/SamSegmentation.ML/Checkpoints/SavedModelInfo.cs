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

    /// <summary>
    /// What the names in the file begin with if it holds parts of the network, such as <c>mask_decoder.</c> and
    /// <c>prompt_encoder.</c>; null for all of it.
    /// </summary>
    public IReadOnlyList<string>? Parts { get; init; }

    /// <summary><see cref="WeightsHash"/> of the image encoder that the weights were trained with; null if the encoder is in the file.</summary>
    public string? EncoderHash { get; init; }

    /// <summary>Further texts by name.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the file holds a tensor of the network.</summary>
    /// <param name="name">The tensor's name.</param>
    public bool Holds(string name) => Parts is null || Parts.Any(part => name.StartsWith(part, StringComparison.Ordinal));
}
