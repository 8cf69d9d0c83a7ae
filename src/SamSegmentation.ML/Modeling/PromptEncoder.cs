using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// SAM's prompt encoder: points and boxes become sparse tokens, a mask becomes a dense map (Kirillov et al., "Segment
/// Anything", 2023, appendix A, "Prompt encoder").
/// </summary>
public sealed class PromptEncoder : nn.Module
{
    // point_embeddings, in this order.
    private const int BackgroundPoint = 0;
    private const int ForegroundPoint = 1;
    private const int TopLeftCorner = 2;
    private const int BottomRightCorner = 3;

    private readonly PositionalEncoding pe_layer;
    private readonly ModuleList<Embedding> point_embeddings;
    private readonly Embedding not_a_point_embed;
    private readonly Sequential mask_downscaling;
    private readonly Embedding no_mask_embed;
    private readonly int _imageSize;
    private readonly int _gridSize;
    private readonly int _channels;

    /// <summary>Makes the prompt encoder with PyTorch's default initialisation.</summary>
    /// <param name="config">The network's dimensions.</param>
    /// <exception cref="ArgumentException">The dimensions are impossible; the message lists every fault.</exception>
    public PromptEncoder(SamConfig config)
        : base(nameof(PromptEncoder))
    {
        config.Validate();
        (_imageSize, _gridSize, _channels) = (config.ImageSize, config.GridSize, config.EmbeddingChannels);
        var inner = config.MaskInChannels;

        pe_layer = new PositionalEncoding(_channels);
        point_embeddings = new ModuleList<Embedding>(
            nn.Embedding(1, _channels), nn.Embedding(1, _channels), nn.Embedding(1, _channels), nn.Embedding(1, _channels));
        not_a_point_embed = nn.Embedding(1, _channels);
        mask_downscaling = nn.Sequential(
            ("0", nn.Conv2d(1, inner / 4, 2, stride: 2)),
            ("1", new LayerNorm2d(inner / 4)),
            ("2", nn.GELU()),
            ("3", nn.Conv2d(inner / 4, inner, 2, stride: 2)),
            ("4", new LayerNorm2d(inner)),
            ("5", nn.GELU()),
            ("6", nn.Conv2d(inner, _channels, 1)));
        no_mask_embed = nn.Embedding(1, _channels);
        RegisterComponents();
    }

    /// <summary>The positional encoding of every cell of the image embedding.</summary>
    /// <returns>[1, C, g, g].</returns>
    public Tensor dense_pe() => pe_layer.encode_grid(_gridSize);

    /// <summary>The dense embedding that stands for "no mask".</summary>
    /// <returns>[1, C, 1, 1]; broadcasts over an image embedding.</returns>
    public Tensor no_mask() => no_mask_embed.weight!.reshape(1, _channels, 1, 1);

    /// <summary>Encodes P prompts for one image; each may have points, a box, a mask, or any of these together.</summary>
    /// <param name="points">
    /// <c>coordinates</c> [P, n, 2] float32, (x, y) in pixels of the input square; <c>labels</c> [P, n]: 1 foreground,
    /// 0 background, −1 not a point. Null for none.
    /// </param>
    /// <param name="boxes">[P, 4] float32: left, top, right, bottom in pixels of the input square. Null for none.</param>
    /// <param name="masks">[P, 1, 4g, 4g]: logits of an earlier mask. Null for none.</param>
    /// <returns>
    /// <c>sparse</c> [P, tokens, C], with no tokens when there are neither points nor boxes, and <c>dense</c> [P, C, g, g].
    /// Without any prompt P is 1.
    /// </returns>
    /// <exception cref="ArgumentException">A shape is not as stated, or the prompts' numbers P differ.</exception>
    public (Tensor sparse, Tensor dense) forward((Tensor coordinates, Tensor labels)? points, Tensor? boxes, Tensor? masks)
    {
        var prompts = CheckShapes(points, boxes, masks);
        using var scope = NewDisposeScope();

        var tokens = new List<Tensor>();
        if (points is var (coordinates, labels))
            tokens.Add(EmbedPoints(coordinates, labels, pad: boxes is null));
        if (boxes is not null)
            tokens.Add(EmbedBoxes(boxes));
        var sparse = tokens.Count > 0
            ? cat(tokens, 1)
            : zeros(prompts, 0, _channels, dtype: no_mask_embed.weight!.dtype, device: no_mask_embed.weight!.device);

        var dense = masks is not null
            ? mask_downscaling.forward(masks)
            : no_mask().expand(prompts, _channels, _gridSize, _gridSize);
        return scope.MoveToOuter(sparse, dense);
    }

    private Tensor EmbedPoints(Tensor coordinates, Tensor labels, bool pad)
    {
        using var scope = NewDisposeScope();
        labels = labels.to(ScalarType.Float32);
        if (pad)
        {
            // SAM was trained with an empty point in the box's place.
            coordinates = cat([coordinates, zeros_like(coordinates.narrow(1, 0, 1))], 1);
            labels = cat([labels, ones_like(labels.narrow(1, 0, 1)).neg()], 1);
        }
        var positions = pe_layer.forward((coordinates + 0.5) / _imageSize);
        var isPoint = Mask(labels, -1).neg() + 1;
        var embedded = positions * isPoint
            + Mask(labels, -1) * not_a_point_embed.weight!
            + Mask(labels, 0) * point_embeddings[BackgroundPoint].weight!
            + Mask(labels, 1) * point_embeddings[ForegroundPoint].weight!;
        return embedded.MoveToOuterDisposeScope();

        Tensor Mask(Tensor values, int label) => values.eq(label).unsqueeze(-1).to(positions.dtype);
    }

    private Tensor EmbedBoxes(Tensor boxes)
    {
        using var scope = NewDisposeScope();
        var corners = pe_layer.forward((boxes.reshape(-1, 2, 2) + 0.5) / _imageSize);
        var kinds = cat([point_embeddings[TopLeftCorner].weight!, point_embeddings[BottomRightCorner].weight!], 0);
        return (corners + kinds).MoveToOuterDisposeScope();
    }

    private long CheckShapes((Tensor coordinates, Tensor labels)? points, Tensor? boxes, Tensor? masks)
    {
        var faults = new List<string>();
        var counts = new SortedSet<long>();
        if (points is var (coordinates, labels))
        {
            Check("points", coordinates, coordinates.dim() == 3 && coordinates.shape[1] > 0 && coordinates.shape[2] == 2, "[P, n, 2] with n ≥ 1");
            Check("labels", labels, labels.dim() == 2 && coordinates.dim() == 3 && labels.shape[1] == coordinates.shape[1], "[P, n] with the points' n");
        }
        if (boxes is not null)
            Check("boxes", boxes, boxes.dim() == 2 && boxes.shape[1] == 4, "[P, 4]");
        if (masks is not null)
        {
            var side = 4L * _gridSize;
            Check("masks", masks, masks.dim() == 4 && masks.shape[1] == 1 && masks.shape[2] == side && masks.shape[3] == side, $"[P, 1, {side}, {side}]");
        }
        if (faults.Count == 0 && counts.Count > 1)
            faults.Add($"points, boxes and masks must be equally many, not {string.Join(" and ", counts)}.");
        if (faults.Count > 0)
            throw new ArgumentException($"These prompts cannot be encoded: {string.Join(' ', faults)}");
        return counts.Count == 0 ? 1 : counts.Min;

        void Check(string name, Tensor tensor, bool fits, string expected)
        {
            if (fits)
                counts.Add(tensor.shape[0]);
            else
                faults.Add($"{name} must be {expected}, not [{string.Join(", ", tensor.shape)}].");
        }
    }
}
