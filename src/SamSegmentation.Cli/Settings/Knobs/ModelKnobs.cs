using SamSegmentation.Cli.Configuration;

namespace SamSegmentation.Cli.Settings.Knobs;

/// <summary>The settings under <c>model</c>.</summary>
internal static class ModelKnobs
{
    /// <summary>What training starts from.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Start { get; } =
    [
        Define(
            "checkpoint", "What to start from: SAM's .pth or .safetensors file, or a trained model; without it, random weights.",
            ValueKinds.OptionalText("FILE"), model => model.Checkpoint, (model, value) => model with { Checkpoint = value }),
        Define(
            "variant", "The size of SAM's network; with a checkpoint it is read off the file, and checked when given.",
            ValueKinds.Optional(ValueKinds.Choice([.. Variants.All])), model => model.Variant, (model, value) => model with { Variant = value }),
    ];

    /// <summary>The semantic head.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Head { get; } =
    [
        HeadPart(
            "kind", "What makes classes of the embedding; none is the checkpoint's, and the mask decoder without one.",
            ValueKinds.Optional(ValueKinds.Choice([.. HeadSettings.Kinds])), head => head.Kind, (head, value) => head with { Kind = value }, "--head"),
        HeadPart(
            "feature_blocks", "Encoder blocks, counted from 0, whose outputs the head sees too, such as 2,5,8.",
            ValueKinds.OptionalListOf(ValueKinds.Integer(0)), head => head.FeatureBlocks, (head, value) => head with { FeatureBlocks = value }),
        HeadPart(
            "width", "Channels within the heads aspp and pyramid_pooling; none is the embedding's.",
            ValueKinds.Optional(ValueKinds.Integer(1)), head => head.Width, (head, value) => head with { Width = value }, "--head-width"),
    ];

    /// <summary>The trained model.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Trained { get; } =
    [
        Define(
            "trained", "The trained model: model.safetensors, a run's best or last checkpoint, or the reference's model.pth.",
            ValueKinds.OptionalText("FILE"), model => model.Trained, (model, value) => model with { Trained = value }, "--model"),
    ];

    /// <summary>The encoder of a file without one.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Encoder { get; } =
    [
        Define(
            "encoder_checkpoint", "The file with the image encoder, for a best or last checkpoint, which holds the decoder alone.",
            ValueKinds.OptionalText("FILE"), model => model.EncoderCheckpoint, (model, value) => model with { EncoderCheckpoint = value }),
    ];

    /// <summary>Dimensions.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Network { get; } =
    [
        Size("image_size", "Side of the network's square input in pixels.", net => net.ImageSize, (net, value) => net with { ImageSize = value }),
        Size("patch_size", "Side of a patch in pixels.", net => net.PatchSize, (net, value) => net with { PatchSize = value }),
        Size("encoder_dim", "Width of the image encoder.", net => net.EncoderDim, (net, value) => net with { EncoderDim = value }),
        Size("encoder_depth", "Blocks of the image encoder.", net => net.EncoderDepth, (net, value) => net with { EncoderDepth = value }),
        Size("encoder_heads", "Attention heads of an encoder block.", net => net.EncoderHeads, (net, value) => net with { EncoderHeads = value }),
        Size("window_size", "Side of an attention window in patches.", net => net.WindowSize, (net, value) => net with { WindowSize = value }),
        Dimension(
            "global_attention_blocks", "Encoder blocks, counted from 0, whose attention spans the whole image.",
            ValueKinds.OptionalListOf(ValueKinds.Integer(0)), net => net.GlobalAttentionBlocks, (net, value) => net with { GlobalAttentionBlocks = value }),
        Dimension(
            "mlp_ratio", "Hidden width of an encoder block's MLP, as a multiple of its width.",
            ValueKinds.Optional(ValueKinds.Number(0, above: true)), net => net.MlpRatio, (net, value) => net with { MlpRatio = value }),
        Size("embedding_channels", "Channels of the image embedding, and the decoder's width.", net => net.EmbeddingChannels, (net, value) => net with { EmbeddingChannels = value }),
        Size("decoder_heads", "Attention heads of the decoder; no file of SAM's tells them.", net => net.DecoderHeads, (net, value) => net with { DecoderHeads = value }),
        Size("decoder_depth", "Layers of the decoder's transformer.", net => net.DecoderDepth, (net, value) => net with { DecoderDepth = value }),
        Size("decoder_mlp_dim", "Hidden width of the decoder's MLPs.", net => net.DecoderMlpDim, (net, value) => net with { DecoderMlpDim = value }),
        Size("iou_hidden_dim", "Hidden width of the IoU head.", net => net.IouHiddenDim, (net, value) => net with { IouHiddenDim = value }),
        Size("mask_in_channels", "Channels of the prompt encoder's mask downscaling.", net => net.MaskInChannels, (net, value) => net with { MaskInChannels = value }),
    ];

    private static Knob<SamSegSettings> HeadPart<T>(
        string name, string help, ValueKind<T> kind, Func<HeadSettings, T> get, Func<HeadSettings, T, HeadSettings> set, string? option = null) =>
        Define($"head.{name}", help, kind, model => get(model.Head), (model, value) => model with { Head = set(model.Head, value) }, option);

    private static Knob<SamSegSettings> Size(
        string name, string help, Func<NetworkSettings, int?> get, Func<NetworkSettings, int?, NetworkSettings> set) =>
        Dimension(name, help, ValueKinds.Optional(ValueKinds.Integer(1)), get, set);

    private static Knob<SamSegSettings> Dimension<T>(
        string name, string help, ValueKind<T> kind, Func<NetworkSettings, T> get, Func<NetworkSettings, T, NetworkSettings> set) =>
        Define($"network.{name}", help, kind, model => get(model.Network), (model, value) => model with { Network = set(model.Network, value) });

    private static Knob<SamSegSettings> Define<T>(
        string name, string help, ValueKind<T> kind, Func<ModelSettings, T> get, Func<ModelSettings, T, ModelSettings> set, string? option = null) =>
        Knob<SamSegSettings>.Define(
            $"model.{name}", help, kind, settings => get(settings.Model), (settings, value) => settings with { Model = set(settings.Model, value) }, option);
}
