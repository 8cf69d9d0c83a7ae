using SamSegmentation.ML.Modeling.Heads;

namespace SamSegmentation.Cli.Settings;

/// <summary>The semantic head, each property null where the checkpoint's holds.</summary>
internal sealed record HeadSettings
{
    /// <summary>The names that the user writes.</summary>
    public static IReadOnlyList<(string Name, HeadKind Value)> Kinds { get; } =
    [
        ("mask_decoder", HeadKind.MaskDecoder), ("linear", HeadKind.Linear),
        ("aspp", HeadKind.Aspp), ("pyramid_pooling", HeadKind.PyramidPooling),
    ];

    public HeadKind? Kind { get; init; }

    public IReadOnlyList<int>? FeatureBlocks { get; init; }

    public int? Width { get; init; }

    /// <summary>A head's kind, its width and its blocks as people read them.</summary>
    /// <param name="head">The head.</param>
    public static string Describe(HeadConfig head)
    {
        var width = head.Width is { } channels ? $" of width {channels}" : "";
        var blocks = head.FeatureBlocks.Count > 0 ? $" with features of blocks {string.Join(", ", head.FeatureBlocks)}" : "";
        return NameOf(head.Kind) + width + blocks;
    }

    /// <summary>A kind's name.</summary>
    /// <param name="kind">The kind.</param>
    public static string NameOf(HeadKind kind) => Kinds.Single(one => one.Value == kind).Name;

    /// <summary>A head with these settings in place of its own; a width does not go over to another kind.</summary>
    /// <param name="head">What holds where nothing is said.</param>
    public HeadConfig Over(HeadConfig head) => head with
    {
        Kind = Kind ?? head.Kind,
        FeatureBlocks = FeatureBlocks ?? head.FeatureBlocks,
        Width = Width ?? (Kind is null || Kind == head.Kind ? head.Width : null),
    };
}
