using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Training;

namespace SamSegmentation.Cli.Settings.Knobs;

/// <summary>The settings under <c>training.adapters</c>.</summary>
internal static class AdapterKnobs
{
    /// <summary>The adapters of the image encoder.</summary>
    public static IEnumerable<Knob<SamSegSettings>> All { get; } =
    [
        Define(
            "kind", "The adapters in the encoder, for decoder-and-adapters: LoRA, AdaptFormer's bottlenecks, or both.",
            ValueKinds.Choice([.. Adapters.All]), adapters => adapters.Kind, (adapters, value) => adapters with { Kind = value }, "--adapter-kind"),
        Define(
            "lora_rank", "Rank of LoRA's updates; none is 4 with LoRA.",
            ValueKinds.Optional(ValueKinds.Integer(1)), adapters => adapters.LoraRank, (adapters, value) => adapters with { LoraRank = value }),
        Define(
            "lora_alpha", "LoRA's alpha: an update counts alpha/rank times; none is the rank.",
            ValueKinds.Optional(ValueKinds.Number(0, above: true)), adapters => adapters.LoraAlpha, (adapters, value) => adapters with { LoraAlpha = value }),
        Define(
            "bottleneck_width", "Width of AdaptFormer's bottlenecks; none is 64 with AdaptFormer.",
            ValueKinds.Optional(ValueKinds.Integer(1)), adapters => adapters.BottleneckWidth, (adapters, value) => adapters with { BottleneckWidth = value }),
        Define(
            "bottleneck_scale", "Factor of AdaptFormer's bottlenecks; none is 0.1 with AdaptFormer.",
            ValueKinds.Optional(ValueKinds.Number(0, above: true)), adapters => adapters.BottleneckScale, (adapters, value) => adapters with { BottleneckScale = value }),
        Define(
            "first_block", "First encoder block with adapters, counted from 0; what enters it is cached, if above 0.",
            ValueKinds.Integer(0), adapters => adapters.FirstBlock, (adapters, value) => adapters with { FirstBlock = value }, "--adapter-first-block"),
    ];

    private static Knob<SamSegSettings> Define<T>(
        string name,
        string help,
        ValueKind<T> kind,
        Func<AdapterOptions, T> get,
        Func<AdapterOptions, T, AdapterOptions> set,
        string? option = null) =>
        SamSegKnobs.OfTraining(
            $"training.adapters.{name}",
            help,
            kind,
            options => get(options.Adapters),
            (options, value) => options with { Adapters = set(options.Adapters, value) },
            nameof(TrainingOptions.Adapters),
            option);
}
