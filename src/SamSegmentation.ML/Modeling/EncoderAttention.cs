using SamSegmentation.ML.Modeling.Adapters;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// Self-attention of an image encoder block, over windows or over the whole grid, with decomposed relative positions
/// (Li et al., "Exploring plain vision transformer backbones for object detection", 2022, section 3; Li et al.,
/// "MViTv2", 2022, section 4.1): the score of a query at (y, x) for a key at (y', x') is
/// q·k/√d + q·R_h[y − y'] + q·R_w[x − x'].
/// </summary>
public sealed class EncoderAttention : nn.Module<Tensor, Tensor>
{
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly Parameter rel_pos_h;
    private readonly Parameter rel_pos_w;
    private readonly long _heads;
    private readonly long _headWidth;
    private readonly long _extent;
    private readonly bool _windowed;

    // Set after the components are registered: the updates are not part of the encoder's state.
    private LowRankUpdate? _qkvUpdate;
    private LowRankUpdate? _projUpdate;

    /// <summary>Makes the projections with PyTorch's default initialisation, the relative positions zero.</summary>
    /// <param name="width">Width D of a token.</param>
    /// <param name="heads">Number of heads; divides <paramref name="width"/>.</param>
    /// <param name="extent">Side k in tokens of what attends to itself: of a window, or of the whole grid.</param>
    /// <param name="windowed">Whether the grid is cut into windows of that side.</param>
    public EncoderAttention(long width, long heads, long extent, bool windowed)
        : base(nameof(EncoderAttention))
    {
        _heads = heads;
        _headWidth = width / heads;
        _extent = extent;
        _windowed = windowed;
        qkv = nn.Linear(width, 3 * width);
        proj = nn.Linear(width, width);
        rel_pos_h = nn.Parameter(zeros(2 * extent - 1, _headWidth));
        rel_pos_w = nn.Parameter(zeros(2 * extent - 1, _headWidth));
        RegisterComponents();
    }

    /// <summary>Lets the tokens of each window, or of the whole grid, attend to each other.</summary>
    /// <param name="input">[B, H, W, D]; when not windowed, H = W = k.</param>
    /// <returns>[B, H, W, D].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var projected = Project(qkv, _qkvUpdate, input);
        if (!_windowed)
            return Project(proj, _projUpdate, Attend(projected)).MoveToOuterDisposeScope();

        // SAM pads the normalised tokens with zeros before it projects them. A zero token's projection is the bias, so
        // the pads' queries, keys and values are known without computing them (a low-rank update of zero is zero). Pads are
        // not masked: they are attended to.
        var windows = WindowPartition.Split(projected, _extent, qkv.bias!);
        var attended = WindowPartition.Merge(Attend(windows), input.shape[1], input.shape[2]);
        return Project(proj, _projUpdate, attended).MoveToOuterDisposeScope();
    }

    /// <summary>Lets LoRA's updates take part in both projections; null for none.</summary>
    internal void Adapt(LowRankUpdate? qkvUpdate, LowRankUpdate? projUpdate) => (_qkvUpdate, _projUpdate) = (qkvUpdate, projUpdate);

    private static Tensor Project(Linear layer, LowRankUpdate? update, Tensor input) =>
        update is null ? layer.forward(input) : layer.forward(input) + update.forward(input);

    // [N, k, k, 3·D] → [N, k, k, D].
    private Tensor Attend(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var count = tokens.shape[0];
        var area = _extent * _extent;
        var parts = tokens.reshape(count, area, 3, _heads, _headWidth).permute(2, 0, 3, 1, 4).unbind(0);
        var (query, key, value) = (parts[0], parts[1], parts[2]);

        // Both relative terms become further channels of plain attention: the query brings its score for every row and
        // every column, the key marks its own row and column. The fused operator divides by √(all channels), which the
        // query undoes beforehand.
        var restore = Math.Sqrt(_headWidth + 2 * _extent);
        var grid = query.reshape(count, _heads, _extent, _extent, _headWidth);
        var byRow = einsum("nahwc,hkc->nahwk", grid, RelativePositions(rel_pos_h) * restore);
        var byColumn = einsum("nahwc,wkc->nahwk", grid, RelativePositions(rel_pos_w) * restore);
        var queries = cat(
            [
                query * (restore / Math.Sqrt(_headWidth)),
                byRow.reshape(count, _heads, area, _extent),
                byColumn.reshape(count, _heads, area, _extent),
            ],
            -1);
        var keys = cat([key, RowsAndColumns(tokens).expand(count, _heads, area, 2 * _extent)], -1);

        return ScaledDotProduct.Attention(queries, keys, value)
            .transpose(1, 2)
            .reshape(count, _extent, _extent, _heads * _headWidth)
            .MoveToOuterDisposeScope();
    }

    // R[i, j] = table[i − j + (k − 1)]: [k, k, d].
    private Tensor RelativePositions(Tensor table)
    {
        using var scope = NewDisposeScope();
        var steps = arange(_extent, dtype: ScalarType.Int64, device: table.device);
        var index = steps.unsqueeze(1) - steps.unsqueeze(0) + (_extent - 1);
        return table.index_select(0, index.flatten())
            .reshape(_extent, _extent, _headWidth)
            .MoveToOuterDisposeScope();
    }

    // One-hot row and one-hot column of each token: [k², 2·k].
    private Tensor RowsAndColumns(Tensor like)
    {
        using var scope = NewDisposeScope();
        var oneHot = eye(_extent, dtype: like.dtype, device: like.device);
        var rows = oneHot.unsqueeze(1).expand(_extent, _extent, _extent);
        var columns = oneHot.unsqueeze(0).expand(_extent, _extent, _extent);
        return cat([rows, columns], -1)
            .reshape(_extent * _extent, 2 * _extent)
            .MoveToOuterDisposeScope();
    }
}
