namespace SamSegmentation.ML.Modeling.Adapters;

/// <summary>Which adapters an image encoder gets, and how large they are.</summary>
public sealed record AdapterOptions
{
    private const int DefaultRank = 4;
    private const int DefaultWidth = 64;
    private const double DefaultScale = 0.1;

    /// <summary>The adapters of each block.</summary>
    /// <value>The default is <see cref="AdapterKind.Lora"/>.</value>
    public AdapterKind Kind { get; init; } = AdapterKind.Lora;

    /// <summary>Rank r of LoRA's updates of the projections to queries, keys and values, and from the heads.</summary>
    /// <value>
    /// The default is null: 4 with LoRA, as in SAMed (Zhang and Liu, arXiv 2304.13785). At least 1 and at most the
    /// encoder's width; left alone without LoRA.
    /// </value>
    public int? LoraRank { get; init; }

    /// <summary>LoRA's α: an update counts α/r times.</summary>
    /// <value>The default is null: the rank, so that an update counts once. Greater than 0; left alone without LoRA.</value>
    public double? LoraAlpha { get; init; }

    /// <summary>Width of AdaptFormer's bottlenecks.</summary>
    /// <value>The default is null: 64 with AdaptFormer, as in its paper. At least 1; left alone without AdaptFormer.</value>
    public int? BottleneckWidth { get; init; }

    /// <summary>AdaptFormer's s: a bottleneck's output counts s times.</summary>
    /// <value>The default is null: 0.1 with AdaptFormer, as in its paper. Greater than 0; left alone without AdaptFormer.</value>
    public double? BottleneckScale { get; init; }

    /// <summary>
    /// The first block with adapters, counted from 0; all after it have them too. What enters it does not change while
    /// adapters are trained, so that the blocks before it need to run once per image alone.
    /// </summary>
    /// <value>The default is 0: all blocks. Less than the encoder's number of blocks.</value>
    public int FirstBlock { get; init; }

    /// <summary>Whether there is LoRA among them.</summary>
    internal bool HasLora => Kind is AdapterKind.Lora or AdapterKind.Both;

    /// <summary>Whether there is AdaptFormer among them.</summary>
    internal bool HasBottlenecks => Kind is AdapterKind.AdaptFormer or AdapterKind.Both;

    /// <summary>The same adapters with every number that they have stated.</summary>
    public AdapterOptions Resolve()
    {
        var rank = LoraRank ?? DefaultRank;
        return this with
        {
            LoraRank = HasLora ? rank : null,
            LoraAlpha = HasLora ? LoraAlpha ?? rank : null,
            BottleneckWidth = HasBottlenecks ? BottleneckWidth ?? DefaultWidth : null,
            BottleneckScale = HasBottlenecks ? BottleneckScale ?? DefaultScale : null,
        };
    }

    /// <summary>What is left when LoRA's updates are merged into the weights; null for nothing.</summary>
    internal AdapterOptions? WithoutLora => HasBottlenecks ? this with { Kind = AdapterKind.AdaptFormer, LoraRank = null, LoraAlpha = null } : null;

    /// <summary>Lists every number that cannot be used.</summary>
    /// <param name="config">The network that the adapters are for; null to leave out what depends on it.</param>
    /// <returns>Empty when all are sound.</returns>
    public IReadOnlyList<OptionFault> FindFaults(SamConfig? config = null)
    {
        var faults = new List<OptionFault>();
        faults.MustBeDefined(nameof(Kind), Kind);
        if (faults.Count > 0)
            return faults;
        MustBelong(nameof(LoraRank), LoraRank, HasLora, AdapterKind.Lora);
        MustBelong(nameof(LoraAlpha), LoraAlpha, HasLora, AdapterKind.Lora);
        MustBelong(nameof(BottleneckWidth), BottleneckWidth, HasBottlenecks, AdapterKind.AdaptFormer);
        MustBelong(nameof(BottleneckScale), BottleneckScale, HasBottlenecks, AdapterKind.AdaptFormer);
        if (LoraRank is { } rank)
            faults.MustBeAtLeast(nameof(LoraRank), rank, 1);
        if (config is not null && HasLora && Resolve().LoraRank > config.EncoderDim)
            faults.Add(nameof(LoraRank), $"is {Resolve().LoraRank}; it must be at most {config.EncoderDim}, the encoder's width.");
        if (BottleneckWidth is { } width)
            faults.MustBeAtLeast(nameof(BottleneckWidth), width, 1);
        if (LoraAlpha is { } alpha)
            faults.MustBePositive(nameof(LoraAlpha), alpha);
        if (BottleneckScale is { } scale)
            faults.MustBePositive(nameof(BottleneckScale), scale);
        if (FirstBlock < 0 || (config is not null && FirstBlock >= config.EncoderDepth))
        {
            var most = config is null ? "at least 0" : $"in 0..{config.EncoderDepth - 1}, since the encoder has {config.EncoderDepth} blocks";
            faults.Add(nameof(FirstBlock), $"is {FirstBlock}; it must be {most}.");
        }
        return faults;

        void MustBelong<T>(string option, T? value, bool isThere, AdapterKind owner) where T : struct
        {
            if (value is not null && !isThere)
                faults.Add(option, $"belongs to {owner}; {nameof(Kind)} is {Kind}.");
        }
    }

    /// <summary>Checks that an encoder can have these adapters.</summary>
    /// <param name="config">The network's dimensions.</param>
    /// <exception cref="ArgumentException">It cannot; the message lists every fault.</exception>
    internal void Validate(SamConfig config)
    {
        var faults = FindFaults(config);
        if (faults.Count > 0)
            throw new ArgumentException($"{nameof(AdapterOptions)} have {faults.Count} fault(s):{string.Concat(faults.Select(fault => $"{Environment.NewLine}- {fault.Option} {fault.Reason}"))}");
    }
}
