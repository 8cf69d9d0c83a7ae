using SamSegmentation.ML.Modeling;

namespace SamSegmentation.Cli.Settings;

/// <summary>The names and dimensions of the variants.</summary>
internal static class Variants
{
    /// <summary>The names that the user writes.</summary>
    public static IReadOnlyList<(string Name, Variant Value)> All { get; } =
        [("vit_b", Variant.VitB), ("vit_l", Variant.VitL), ("vit_h", Variant.VitH)];

    /// <summary>A variant's name.</summary>
    /// <param name="variant">The variant.</param>
    public static string NameOf(Variant variant) => All.Single(one => one.Value == variant).Name;

    /// <summary>A variant's dimensions.</summary>
    /// <param name="variant">The variant.</param>
    public static SamConfig ConfigOf(Variant variant) => variant switch
    {
        Variant.VitL => SamConfig.VitL,
        Variant.VitH => SamConfig.VitH,
        _ => SamConfig.VitB,
    };

    /// <summary>What people call a network of these dimensions.</summary>
    /// <param name="config">The dimensions.</param>
    /// <returns>A variant's name, or <c>custom</c> with its main sizes.</returns>
    public static string Describe(SamConfig config)
    {
        var known = All.Where(one => ConfigOf(one.Value).Equals(config)).Select(one => one.Name).FirstOrDefault();
        return known is null
            ? $"custom ({config.ImageSize} px, patch {config.PatchSize}, {config.EncoderDepth} blocks of width {config.EncoderDim}, embedding {config.EmbeddingChannels})"
            : known;
    }
}
