namespace SamSegmentation.Cli.Settings;

/// <summary>Where the network comes from.</summary>
internal sealed record ModelSettings
{
    /// <summary>What training starts from: SAM's file or a trained model; null to start from random weights.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The size of SAM's network; null for what the checkpoint holds.</summary>
    public Variant? Variant { get; init; }

    /// <summary>The file with the image encoder, for a checkpoint without one.</summary>
    public string? EncoderCheckpoint { get; init; }

    /// <summary>The trained model to evaluate or predict with.</summary>
    public string? Trained { get; init; }

    /// <summary>What of the semantic head is asked for.</summary>
    public HeadSettings Head { get; init; } = new();

    /// <summary>Dimensions that differ from the variant's.</summary>
    public NetworkSettings Network { get; init; } = new();
}
