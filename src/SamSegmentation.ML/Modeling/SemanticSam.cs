using SamSegmentation.ML.Modeling.Adapters;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Segment Anything as a network for semantic segmentation: no prompt, and one hypernetwork per class in place of SAM's
/// four, all reading the same mask token. Its parameters have the names of Meta's checkpoints, the classes'
/// hypernetworks being <c>mask_decoder.output_hypernetworks_mlps.{class}</c>. Adapters of the image encoder, which it has
/// only when they are added, are <c>adapters.{block}.…</c>.
/// </summary>
public sealed class SemanticSam : nn.Module<Tensor, Tensor>
{
    /// <summary>The image encoder.</summary>
    public readonly ImageEncoder image_encoder;

    /// <summary>The prompt encoder, of which the dense positions and "no mask" are used.</summary>
    public readonly PromptEncoder prompt_encoder;

    /// <summary>The mask decoder, with one hypernetwork per class.</summary>
    public readonly MaskDecoder mask_decoder;

    // Registered when it is made, under its name: a network without adapters has no trace of them.
    private EncoderAdapters? adapters;

    /// <summary>Makes the network with fresh weights; <c>torch.manual_seed</c> decides them.</summary>
    /// <param name="config">The network's dimensions.</param>
    /// <param name="classes">Number of classes, background included; at least 1.</param>
    /// <exception cref="ArgumentException">The dimensions are impossible; the message lists every fault.</exception>
    public SemanticSam(SamConfig config, int classes)
        : base(nameof(SemanticSam))
    {
        Config = config;
        Classes = classes;
        image_encoder = new ImageEncoder(config);
        prompt_encoder = new PromptEncoder(config);
        mask_decoder = new MaskDecoder(config, classes);
        RegisterComponents();
    }

    /// <summary>The network's dimensions.</summary>
    public SamConfig Config { get; }

    /// <summary>Number of classes, background included.</summary>
    public int Classes { get; }

    /// <summary>The image encoder's adapters, with every number stated; null for none.</summary>
    public AdapterOptions? Adapters { get; private set; }

    /// <summary>The module that holds the adapters' weights; null for none.</summary>
    internal nn.Module? adapter_weights => adapters;

    /// <summary>Computes image embeddings: the costly part, which a frozen encoder does once per image.</summary>
    /// <param name="images">[B, 3, S, S], floating point, preprocessed.</param>
    /// <returns>[B, C, g, g].</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    public Tensor encode(Tensor images) => image_encoder.forward(images);

    /// <summary>Computes class logits from image embeddings.</summary>
    /// <param name="embeddings">[B, C, g, g], as <see cref="encode"/> returns them.</param>
    /// <returns>[B, classes, 4g, 4g]; <see cref="MaskUpsampling"/> brings them to an image's own size.</returns>
    public Tensor decode(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        return mask_decoder.semantic(embeddings, prompt_encoder.dense_pe(), prompt_encoder.no_mask()).MoveToOuterDisposeScope();
    }

    /// <summary>Computes class logits of images: <see cref="encode"/>, then <see cref="decode"/>.</summary>
    /// <param name="images">[B, 3, S, S], floating point, preprocessed.</param>
    /// <returns>[B, classes, 4g, 4g].</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    public override Tensor forward(Tensor images)
    {
        using var embeddings = encode(images);
        return decode(embeddings);
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
