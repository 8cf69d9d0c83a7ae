using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// SAM's mask decoder (Kirillov et al., "Segment Anything", 2023, appendix A, "Lightweight mask decoder"), with as many
/// hypernetworks as masks are wanted: one per mask token for SAM's own output, one per class for semantic segmentation.
/// </summary>
public sealed class MaskDecoder : nn.Module
{
    // The semantic head's classes all read one mask token: the first of the three that SAM uses for multimask output.
    internal const int SemanticToken = 1;

    internal const int HypernetworkDepth = 3;

    private readonly TwoWayTransformer transformer;
    private readonly Embedding iou_token;
    private readonly Embedding mask_tokens;
    private readonly MaskUpscaling output_upscaling;
    private readonly ModuleList<Mlp> output_hypernetworks_mlps;
    private readonly Mlp iou_prediction_head;

    /// <summary>Makes the decoder with PyTorch's default initialisation.</summary>
    /// <param name="config">The network's dimensions.</param>
    /// <param name="hypernetworks">Number K of hypernetwork MLPs: 4 for SAM's own forward pass, else the number of classes.</param>
    /// <exception cref="ArgumentException">The dimensions are impossible; the message lists every fault.</exception>
    public MaskDecoder(SamConfig config, int hypernetworks)
        : base(nameof(MaskDecoder))
    {
        config.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(hypernetworks, 1);
        var width = config.EmbeddingChannels;

        transformer = new TwoWayTransformer(config);
        iou_token = nn.Embedding(1, width);
        mask_tokens = nn.Embedding(SamConfig.MaskTokens, width);
        output_upscaling = new MaskUpscaling(width);
        output_hypernetworks_mlps = new ModuleList<Mlp>();
        for (var i = 0; i < hypernetworks; i++)
            output_hypernetworks_mlps.Add(new Mlp(width, width, width / 8, HypernetworkDepth));
        iou_prediction_head = new Mlp(width, config.IouHiddenDim, SamConfig.MaskTokens, depth: 3);
        RegisterComponents();
    }

    /// <summary>Number K of hypernetwork MLPs, which is the number of masks that the decoder can make.</summary>
    public int Hypernetworks => output_hypernetworks_mlps.Count;

    /// <summary>SAM's own forward pass: masks for P prompts on one image, or for one prompt on each of P images.</summary>
    /// <param name="embeddings">[1 or P, C, g, g]: image embeddings.</param>
    /// <param name="positions">[1, C, g, g]: their positional encoding.</param>
    /// <param name="sparse">[P, tokens, C]: embedded points and boxes.</param>
    /// <param name="dense">[P, C, g, g]: embedded masks.</param>
    /// <param name="multimask">Three masks for an ambiguous prompt, or the single one.</param>
    /// <returns>Mask logits [P, 3 or 1, 4g, 4g] and each mask's predicted IoU [P, 3 or 1].</returns>
    /// <exception cref="InvalidOperationException">The decoder has not one hypernetwork for each of SAM's four mask tokens.</exception>
    public (Tensor masks, Tensor iou) forward(Tensor embeddings, Tensor positions, Tensor sparse, Tensor dense, bool multimask)
    {
        if (Hypernetworks != SamConfig.MaskTokens)
        {
            throw new InvalidOperationException(
                $"SAM's own masks take {SamConfig.MaskTokens} hypernetworks, one per mask token; this decoder has {Hypernetworks}.");
        }

        using var scope = NewDisposeScope();
        var (iouToken, maskTokens, source) = attend(embeddings, positions, sparse, dense);
        var masks = Classify(source, i => maskTokens.select(1, i));
        var iou = predict_iou(iouToken);
        var (first, count) = multimask ? (1, SamConfig.MaskTokens - 1) : (0, 1);
        return scope.MoveToOuter(masks.narrow(1, first, count), iou.narrow(1, first, count));
    }

    /// <summary>The semantic forward pass: each class's hypernetwork reads the same mask token.</summary>
    /// <param name="embeddings">[B, C, g, g]: image embeddings.</param>
    /// <param name="positions">[1, C, g, g]: their positional encoding.</param>
    /// <param name="dense">[1 or B, C, 1 or g, 1 or g]: the dense prompt.</param>
    /// <returns>Class logits [B, K, 4g, 4g].</returns>
    public Tensor semantic(Tensor embeddings, Tensor positions, Tensor dense)
    {
        using var scope = NewDisposeScope();
        var (_, maskTokens, source) = attend(embeddings, positions, null, dense);
        var token = maskTokens.select(1, SemanticToken);
        return Classify(source, _ => token).MoveToOuterDisposeScope();
    }

    /// <summary>Runs the two-way transformer.</summary>
    /// <param name="embeddings">[1 or B, C, g, g]: image embeddings.</param>
    /// <param name="positions">[1, C, g, g]: their positional encoding.</param>
    /// <param name="sparse">[B, tokens, C]: embedded points and boxes; null for none.</param>
    /// <param name="dense">[1 or B, C, 1 or g, 1 or g]: the dense prompt.</param>
    /// <returns>
    /// The IoU token [B, C], the mask tokens [B, 4, C] and the image [B, g², C], as they leave the transformer.
    /// </returns>
    public (Tensor iouToken, Tensor maskTokens, Tensor source) attend(Tensor embeddings, Tensor positions, Tensor? sparse, Tensor dense)
    {
        using var scope = NewDisposeScope();
        var batch = sparse?.shape[0] ?? embeddings.shape[0];
        var width = embeddings.shape[1];

        var output = cat([iou_token.weight!, mask_tokens.weight!], 0).unsqueeze(0).expand(batch, 1 + SamConfig.MaskTokens, width);
        var tokens = sparse is null ? output : cat([output, sparse], 1);
        var image = (embeddings + dense).expand(batch, width, embeddings.shape[2], embeddings.shape[3]);
        var (updated, source) = transformer.forward(image, positions, tokens);

        return scope.MoveToOuter(updated.select(1, 0), updated.narrow(1, 1, SamConfig.MaskTokens), source);
    }

    /// <summary>Predicts the IoU of each of SAM's four masks.</summary>
    /// <param name="iouToken">[B, C]: the IoU token as it leaves the transformer.</param>
    /// <returns>[B, 4].</returns>
    public Tensor predict_iou(Tensor iouToken) => iou_prediction_head.forward(iouToken);

    // Each hypernetwork turns its token into a linear classifier of the upscaled pixels: [B, K, 4g, 4g].
    private Tensor Classify(Tensor source, Func<int, Tensor> token)
    {
        using var scope = NewDisposeScope();
        var upscaled = output_upscaling.forward(source);
        var classifiers = stack(output_hypernetworks_mlps.Select((mlp, i) => mlp.forward(token(i))).ToList(), 1);
        // Last of all the children take their places, when a pixel has no more than K values.
        var (batch, side) = (source.shape[0], 2 * (long)Math.Sqrt(source.shape[1]));
        return upscaled.flatten(1, 2).matmul(classifiers.transpose(1, 2))
            .reshape(batch, side, side, 2, 2, Hypernetworks)
            .permute(0, 5, 1, 3, 2, 4)
            .reshape(batch, Hypernetworks, 2 * side, 2 * side)
            .MoveToOuterDisposeScope();
    }
}
