using System.Globalization;
using SamSegmentation.ML.Modeling.Adapters;

namespace SamSegmentation.Cli.Settings;

/// <summary>The names of adapters, and what people call them.</summary>
internal static class Adapters
{
    /// <summary>The names that the user writes.</summary>
    public static IReadOnlyList<(string Name, AdapterKind Value)> All { get; } =
        [("lora", AdapterKind.Lora), ("adaptformer", AdapterKind.AdaptFormer), ("both", AdapterKind.Both)];

    /// <summary>Describes adapters in a line.</summary>
    /// <param name="adapters">The adapters.</param>
    public static string Describe(AdapterOptions adapters)
    {
        var all = adapters.Resolve();
        var parts = new List<string>();
        if (all is { LoraRank: { } rank, LoraAlpha: { } alpha })
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"LoRA of rank {rank}, alpha {alpha}"));
        if (all is { BottleneckWidth: { } width, BottleneckScale: { } scale })
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"AdaptFormer of width {width}, scale {scale}"));
        return $"{string.Join(" and ", parts)}, {(all.FirstBlock == 0 ? "in every block" : $"from block {all.FirstBlock} on")}";
    }
}
