namespace SamSegmentation.ML.Imaging;

/// <summary>What an overlay draws besides its colours.</summary>
public sealed record OverlayOptions
{
    /// <summary>The defaults.</summary>
    public static OverlayOptions Default { get; } = new();

    /// <summary>Ids that leave the photograph as it is.</summary>
    /// <value>Default: 0, background.</value>
    public IReadOnlyCollection<ushort> TransparentIds { get; init; } = [0];

    /// <summary>Whether the outline of each region is drawn in its full colour.</summary>
    /// <value>Default: false.</value>
    public bool DrawBorders { get; init; }
}
