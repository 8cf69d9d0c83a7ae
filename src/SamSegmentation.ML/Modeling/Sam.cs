using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Segment Anything, the promptable network (Kirillov et al., "Segment Anything", 2023, section 3). Its parameters have
/// the names of Meta's checkpoints.
/// </summary>
public sealed class Sam : nn.Module
{
    /// <summary>The image encoder.</summary>
    public readonly ImageEncoder image_encoder;

    /// <summary>The prompt encoder.</summary>
    public readonly PromptEncoder prompt_encoder;

    /// <summary>The mask decoder.</summary>
    public readonly MaskDecoder mask_decoder;

    /// <summary>Makes the network with fresh weights; <c>torch.manual_seed</c> decides them.</summary>
    /// <param name="config">The network's dimensions.</param>
    /// <exception cref="ArgumentException">The dimensions are impossible; the message lists every fault.</exception>
    public Sam(SamConfig config)
        : base(nameof(Sam))
    {
        Config = config;
        image_encoder = new ImageEncoder(config);
        prompt_encoder = new PromptEncoder(config);
        mask_decoder = new MaskDecoder(config, SamConfig.MaskTokens);
        RegisterComponents();
    }

    /// <summary>The network's dimensions.</summary>
    public SamConfig Config { get; }

    /// <summary>Computes image embeddings.</summary>
    /// <param name="images">[B, 3, S, S], floating point, preprocessed.</param>
    /// <returns>[B, C, g, g].</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    public Tensor encode(Tensor images) => image_encoder.forward(images);

    /// <summary>Predicts masks for P prompts on one image.</summary>
    /// <param name="embedding">[1, C, g, g]: the image's embedding.</param>
    /// <param name="points">Coordinates [P, n, 2] in pixels of the input square and labels [P, n] (1, 0, −1); null for none.</param>
    /// <param name="boxes">[P, 4] in pixels of the input square; null for none.</param>
    /// <param name="masks">[P, 1, 4g, 4g]: logits of an earlier mask; null for none.</param>
    /// <param name="multimask">Three masks for an ambiguous prompt, or the single one.</param>
    /// <returns>Mask logits [P, 3 or 1, 4g, 4g] and each mask's predicted IoU [P, 3 or 1].</returns>
    /// <exception cref="ArgumentException">A prompt's shape is not as stated, or the prompts' numbers P differ.</exception>
    public (Tensor masks, Tensor iou) predict(
        Tensor embedding, (Tensor coordinates, Tensor labels)? points, Tensor? boxes, Tensor? masks, bool multimask)
    {
        using var scope = NewDisposeScope();
        var (sparse, dense) = prompt_encoder.forward(points, boxes, masks);
        var (logits, iou) = mask_decoder.forward(embedding, prompt_encoder.dense_pe(), sparse, dense, multimask);
        return scope.MoveToOuter(logits, iou);
    }
}
