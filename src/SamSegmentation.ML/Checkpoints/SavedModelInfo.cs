using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Modeling.Heads;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>What a saved model says about itself, beside its weights.</summary>
public sealed record SavedModelInfo
{
    /// <summary>The network's dimensions.</summary>
    public required SamConfig Config { get; init; }

    /// <summary>The semantic head.</summary>
    /// <value>The default is <see cref="HeadConfig.Default"/>, which is also what files without a word about it hold.</value>
    public HeadConfig Head { get; init; } = HeadConfig.Default;

    /// <summary>The classes' names; the id of a class is its place.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>How images were prepared for it, as the name of a preprocessing mode.</summary>
    public required string Preprocessing { get; init; }

    /// <summary>
    /// The image encoder's adapters in the file; null for none. Saving states them itself: of a whole model those that
    /// are left after merging, of parts all that belong to them.
    /// </summary>
    public AdapterOptions? Adapters { get; init; }

    /// <summary>
    /// What the names in the file begin with if it holds parts of the network, such as <c>mask_decoder.</c> and
    /// <c>prompt_encoder.</c> or <c>semantic_head.</c>; null for all of it.
    /// </summary>
    public IReadOnlyList<string>? Parts { get; init; }

    /// <summary>
    /// <see cref="WeightsHash"/> of the image encoder that the weights were trained with, its adapters left out; null if the
    /// encoder is in the file.
    /// </summary>
    public string? EncoderHash { get; init; }

    /// <summary>Further texts by name.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>The same for a file of all that a frozen encoder's checkpoint does not hold: the head, adapters.</summary>
    /// <remarks>
    /// Beside the mask decoder it holds the prompt encoder, and beside a fusion of features their projection: both are
    /// small, and the encoder's hash does not cover them.
    /// </remarks>
    /// <param name="model">The network that is saved.</param>
    /// <param name="encoderHash">The hash of its image encoder, adapters left out.</param>
    internal SavedModelInfo WithoutEncoder(SemanticSam model, string encoderHash) => this with
    {
        Parts = model.Adapters is null ? Head.Parts : [.. Head.Parts, "adapters."],
        EncoderHash = encoderHash,
    };

    /// <summary>Whether the file holds a tensor of the network.</summary>
    /// <param name="name">The tensor's name.</param>
    public bool Holds(string name) => Parts is null || Parts.Any(part => name.StartsWith(part, StringComparison.Ordinal));
}
