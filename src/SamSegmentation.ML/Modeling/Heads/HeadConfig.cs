namespace SamSegmentation.ML.Modeling.Heads;

/// <summary>The semantic head of a network: its kind, its size, and what of the encoder it sees. Immutable.</summary>
public sealed record HeadConfig
{
    internal const string Projection = "feature_projection.";
    internal const string Fusion = "feature_fusion.";
    internal const string Head = "semantic_head.";
    internal const string Decoder = "mask_decoder.";
    internal const string Prompts = "prompt_encoder.";

    /// <summary>The mask decoder on the embedding alone.</summary>
    public static HeadConfig Default { get; } = new();

    /// <summary>The kind of head.</summary>
    /// <value>The default is <see cref="HeadKind.MaskDecoder"/>.</value>
    public HeadKind Kind { get; init; } = HeadKind.MaskDecoder;

    /// <summary>
    /// Zero-based indices of the encoder blocks whose outputs the head sees beside the embedding; see
    /// <see cref="FeatureProjection"/>. Each makes the cached embedding larger by its own size.
    /// </summary>
    /// <value>The default is empty. Ascending, each in 0..<see cref="SamConfig.EncoderDepth"/>−1.</value>
    public IReadOnlyList<int> FeatureBlocks { get; init; } = [];

    /// <summary>Channels within <see cref="HeadKind.Aspp"/> and <see cref="HeadKind.PyramidPooling"/>; the others have none.</summary>
    /// <value>The default is null: <see cref="SamConfig.EmbeddingChannels"/>, 256 for SAM, as in DeepLabv3. At least 1.</value>
    public int? Width { get; init; }

    /// <summary>What the names of all tensors that belong to the head begin with.</summary>
    internal IReadOnlyList<string> Parts =>
    [
        .. Kind == HeadKind.MaskDecoder ? (string[])[Decoder, Prompts] : [Head],
        .. FeatureBlocks.Count > 0 ? (string[])[Projection, Fusion] : [],
    ];

    /// <summary>Whether a tensor belongs to the head, by its name.</summary>
    internal bool Owns(string name) => Parts.Any(part => name.StartsWith(part, StringComparison.Ordinal));

    /// <summary>What the names of the tensors begin with whose number or shape is the number of classes.</summary>
    internal string ClassifierPart => Kind == HeadKind.MaskDecoder ? $"{Decoder}output_hypernetworks_mlps." : $"{Head}classifier.";

    /// <summary>Lists everything that makes this head impossible.</summary>
    /// <param name="config">The network's dimensions; null when they are not known yet.</param>
    /// <returns>One sentence per fault; empty when the head is sound.</returns>
    public IReadOnlyList<string> FindFaults(SamConfig? config = null)
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(Kind))
            faults.Add($"Kind is {Kind}; it must be one of {string.Join(", ", Enum.GetNames<HeadKind>())}.");
        if (Width is < 1)
            faults.Add($"Width is {Width}; it must be at least 1.");
        if (Width is not null && Kind is HeadKind.MaskDecoder or HeadKind.Linear)
            faults.Add($"Width is {Width}; {Kind} has no width of its own.");
        foreach (var block in FeatureBlocks.Where(block => block < 0 || block >= (config?.EncoderDepth ?? int.MaxValue)))
            faults.Add($"FeatureBlocks holds {block}; it must be {(config is null ? "at least 0" : $"in 0..{config.EncoderDepth - 1}, as the encoder has {config.EncoderDepth} blocks")}.");
        for (var i = 1; i < FeatureBlocks.Count; i++)
        {
            if (FeatureBlocks[i] <= FeatureBlocks[i - 1])
                faults.Add($"FeatureBlocks holds {FeatureBlocks[i]} after {FeatureBlocks[i - 1]}; they must ascend.");
        }
        return faults;
    }

    /// <summary>Checks that a network of these dimensions can have this head.</summary>
    /// <param name="config">The network's dimensions.</param>
    /// <exception cref="ArgumentException">It cannot; the message lists every fault.</exception>
    public void Validate(SamConfig config)
    {
        var faults = FindFaults(config);
        if (faults.Count > 0)
            throw new ArgumentException($"HeadConfig has {faults.Count} fault(s):{string.Concat(faults.Select(fault => $"{Environment.NewLine}- {fault}"))}");
    }

    /// <summary>Channels within the head of a network of these dimensions.</summary>
    internal int WidthIn(SamConfig config) => Width ?? config.EmbeddingChannels;

    /// <summary>Whether both are heads of the same kind and width on the same blocks.</summary>
    public bool Equals(HeadConfig? other) =>
        other is not null && Kind == other.Kind && Width == other.Width && FeatureBlocks.SequenceEqual(other.FeatureBlocks);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        hash.Add(Width);
        foreach (var block in FeatureBlocks)
            hash.Add(block);
        return hash.ToHashCode();
    }

    /// <summary>The head in words, such as <c>Aspp of width 128 with blocks 2, 5</c>.</summary>
    public override string ToString() =>
        $"{Kind}{(Width is null ? "" : $" of width {Width}")}{(FeatureBlocks.Count == 0 ? "" : $" with blocks {string.Join(", ", FeatureBlocks)}")}";
}
