using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Segment Anything as a network for semantic segmentation: the image encoder and a head. The default head is SAM's mask
/// decoder without a prompt and with one hypernetwork per class in place of SAM's four, all reading the same mask token;
/// its parameters have the names of Meta's checkpoints, the classes' hypernetworks being
/// <c>mask_decoder.output_hypernetworks_mlps.{class}</c>. The other heads are <c>semantic_head.*</c>, and a network with
/// one of them has no mask decoder and no prompt encoder. Adapters of the image encoder, which it has only when they are
/// added, are <c>adapters.{block}.…</c>.
/// </summary>
public sealed class SemanticSam : nn.Module<Tensor, Tensor>
{
    /// <summary>The image encoder.</summary>
    public readonly ImageEncoder image_encoder;

    /// <summary>Brings encoder blocks' outputs to the embedding's channels; null when the head sees the embedding alone.</summary>
    public readonly FeatureProjection? feature_projection;

    /// <summary>The prompt encoder, of which the dense positions and "no mask" are used; null without a mask decoder.</summary>
    public readonly PromptEncoder? prompt_encoder;

    /// <summary>The mask decoder, with one hypernetwork per class; null when the head is another.</summary>
    public readonly MaskDecoder? mask_decoder;

    /// <summary>The head, when it is not the mask decoder.</summary>
    public readonly nn.Module<Tensor, Tensor>? semantic_head;

    /// <summary>Mixes the encoder blocks' features into the embedding, as the head's first layer; null when there are none.</summary>
    public readonly FeatureFusion? feature_fusion;

    // Registered when it is made, under its name: a network without adapters has no trace of them.
    private EncoderAdapters? adapters;

    /// <summary>Makes the network with fresh weights; <c>torch.manual_seed</c> decides them.</summary>
    /// <param name="config">The network's dimensions.</param>
    /// <param name="classes">Number of classes, background included; at least 1.</param>
    /// <param name="head">The semantic head; null for <see cref="HeadConfig.Default"/>.</param>
    /// <exception cref="ArgumentException">The dimensions are impossible; the message lists every fault.</exception>
    public SemanticSam(SamConfig config, int classes, HeadConfig? head = null)
        : base(nameof(SemanticSam))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        config.Validate();
        Config = config;
        Classes = classes;
        Head = head ?? HeadConfig.Default;
        Head.Validate(config);
        var (channels, blocks) = (config.EmbeddingChannels, Head.FeatureBlocks);

        image_encoder = new ImageEncoder(config);
        if (Head.Kind == HeadKind.MaskDecoder)
        {
            prompt_encoder = new PromptEncoder(config);
            mask_decoder = new MaskDecoder(config, classes);
        }
        semantic_head = Head.Kind switch
        {
            HeadKind.Linear => new LinearHead(channels, classes),
            HeadKind.Aspp => new AsppHead(channels, config.GridSize, Head.WidthIn(config), classes),
            HeadKind.PyramidPooling => new PyramidPoolingHead(channels, Head.WidthIn(config), classes),
            _ => null,
        };
        if (blocks.Count > 0)
        {
            feature_projection = new FeatureProjection(blocks, config.EncoderDim, channels);
            feature_fusion = new FeatureFusion(blocks.Count, channels);
        }
        RegisterComponents();
    }

    /// <summary>The network's dimensions.</summary>
    public SamConfig Config { get; }

    /// <summary>Number of classes, background included.</summary>
    public int Classes { get; }

    /// <summary>What the head is.</summary>
    public HeadConfig Head { get; }

    /// <summary>Channels of an embedding with the features beside it: C·(1 + number of feature blocks).</summary>
    public int EmbeddingChannels => Config.EmbeddingChannels * (1 + Head.FeatureBlocks.Count);

    /// <summary>The image encoder's adapters, with every number stated; null for none.</summary>
    public AdapterOptions? Adapters { get; private set; }

    /// <summary>The module that holds the adapters' weights; null for none.</summary>
    internal nn.Module? adapter_weights => adapters;

    /// <summary>
    /// Computes image embeddings, and the features of the head's blocks beside them: the costly part, which a frozen
    /// encoder does once per image.
    /// </summary>
    /// <param name="images">[B, 3, S, S], floating point, preprocessed.</param>
    /// <returns>[B, <see cref="EmbeddingChannels"/>, g, g].</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    public Tensor encode(Tensor images) =>
        feature_projection is null ? image_encoder.forward(images) : WithFeatures(image_encoder.forward(images, Head.FeatureBlocks));

    /// <summary>Computes what <see cref="encode"/> does from what enters a block of the encoder.</summary>
    /// <param name="tokens">[B, g, g, D], as <see cref="ImageEncoder.tokens_before"/> returns them; they are left as they are.</param>
    /// <param name="block">The block, counted from 0; at most <see cref="LastStart"/> of itself.</param>
    /// <returns>[B, <see cref="EmbeddingChannels"/>, g, g].</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block, or the head sees one before it.</exception>
    public Tensor encode_from(Tensor tokens, int block)
    {
        if (feature_projection is null)
            return image_encoder.continue_from(tokens, block);
        ArgumentOutOfRangeException.ThrowIfNotEqual(block, LastStart(block));
        return WithFeatures(image_encoder.continue_from(tokens, block, Head.FeatureBlocks));
    }

    /// <summary>The last block, none after a given one, from whose input <see cref="encode_from"/> finds all features.</summary>
    /// <param name="block">A block, counted from 0.</param>
    public int LastStart(int block) => Head.FeatureBlocks.Prepend(block).Min();

    /// <summary>Computes class logits from image embeddings.</summary>
    /// <param name="embeddings">[B, <see cref="EmbeddingChannels"/>, g, g], as <see cref="encode"/> returns them.</param>
    /// <returns>
    /// [B, classes, h, h] with h = 4g from the mask decoder and h = g from the other heads; <see cref="MaskUpsampling"/>
    /// brings them to an image's own size.
    /// </returns>
    public Tensor decode(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var fused = feature_fusion is null ? embeddings : feature_fusion.forward(embeddings);
        var logits = mask_decoder is not null && prompt_encoder is not null
            ? mask_decoder.semantic(fused, prompt_encoder.dense_pe(), prompt_encoder.no_mask())
            : semantic_head!.forward(fused);
        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>Computes class logits of images: <see cref="encode"/>, then <see cref="decode"/>.</summary>
    /// <param name="images">[B, 3, S, S], floating point, preprocessed.</param>
    /// <returns>As <see cref="decode"/> returns them.</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    public override Tensor forward(Tensor images)
    {
        using var embeddings = encode(images);
        return decode(embeddings);
    }

    private Tensor WithFeatures((Tensor Embeddings, IReadOnlyList<Tensor> Features) encoded)
    {
        using var scope = NewDisposeScope();
        var all = cat([encoded.Embeddings, feature_projection!.forward(encoded.Features)], 1);
        encoded.Embeddings.Dispose();
        foreach (var feature in encoded.Features)
            feature.Dispose();
        return all.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Adds adapters to the image encoder, on its device and in its dtype. They change nothing at first;
    /// <c>torch.manual_seed</c> decides their weights.
    /// </summary>
    /// <param name="options">Which adapters.</param>
    /// <exception cref="ArgumentException">The encoder cannot have these adapters; the message lists every fault.</exception>
    /// <exception cref="InvalidOperationException">There are adapters already.</exception>
    public void AddAdapters(AdapterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Adapters is not null)
            throw new InvalidOperationException($"The network has adapters already: {Adapters}.");
        var made = new EncoderAdapters(Config, options);
        var like = image_encoder.parameters().First();
        made.to(like.dtype).to(like.device);
        made.train(training);
        register_module(nameof(adapters), made);
        made.Attach(image_encoder);
        (adapters, Adapters) = (made, options.Resolve());
    }

    /// <summary>
    /// Merges LoRA's updates into the encoder's weights and removes them; what the network computes stays the same but for
    /// rounding. AdaptFormer's bottlenecks are not linear, so they stay. Without LoRA nothing happens.
    /// </summary>
    public void MergeAdapters()
    {
        if (adapters is null)
            return;
        adapters.MergeLora(image_encoder);
        Adapters = Adapters!.WithoutLora;
        if (Adapters is not null)
            return;
        register_module(nameof(adapters), null!);
        adapters.Dispose();
        adapters = null;
    }

    /// <summary>
    /// The state that <see cref="MergeAdapters"/> would leave, without changing the network: the encoder's weights with
    /// LoRA's updates are new tensors of the current dispose scope, the others are the network's own.
    /// </summary>
    internal Dictionary<string, Tensor> merged_state_dict()
    {
        var state = state_dict().Where(pair => !EncoderAdapters.IsLora(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (var (name, delta) in adapters?.Deltas() ?? [])
        {
            using var noGradient = no_grad();
            using (delta)
                state[$"{nameof(image_encoder)}.{name}"] = state[$"{nameof(image_encoder)}.{name}"] + delta;
        }
        return state;
    }
}
