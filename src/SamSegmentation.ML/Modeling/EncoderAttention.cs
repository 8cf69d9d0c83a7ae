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

    /// <summary>The number format of projections and attention.</summary>
    internal EncoderPrecision Precision { get; set; }

    /// <summary>Lets the tokens of each window, or of the whole grid, attend to each other.</summary>
    /// <param name="input">[B, H, W, D]; when not windowed, H = W = k.</param>
    /// <returns>[B, H, W, D], of the type that <see cref="Precision"/> says.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (batch, height, width) = (input.shape[0], input.shape[1], input.shape[2]);
        var attended = _windowed
            ? AttendInWindows(input)
            : Project(proj, _projUpdate, Attend(Project(qkv, _qkvUpdate, input).reshape(batch, height, width, 3, _heads, _headWidth)));
        return attended.reshape(batch, height, width, _heads * _headWidth).MoveToOuterDisposeScope();
    }

    /// <summary>Lets LoRA's updates take part in both projections; null for none.</summary>
    internal void Adapt(LowRankUpdate? qkvUpdate, LowRankUpdate? projUpdate) => (_qkvUpdate, _projUpdate) = (qkvUpdate, projUpdate);

    private Tensor Project(Linear layer, LowRankUpdate? update, Tensor input)
    {
        if (update is null)
            return layer.Apply(input, Precision);
        using var scope = NewDisposeScope();
        var projected = layer.Apply(input, Precision);
        return (projected + update.forward(input.to(update.dtype)).to(projected.dtype)).MoveToOuterDisposeScope();
    }

    // [B, H, W, D] → [B·H·W, D]. Both projections see the tokens in the windows' order, in which nothing has to be copied
    // together for attention.
    private Tensor AttendInWindows(Tensor input)
    {
        using var scope = NewDisposeScope();
        var order = new WindowOrder(input.shape[0], input.shape[1], input.shape[2], _extent);
        var indices = order.Indices(input.device);
        var projected = Project(qkv, _qkvUpdate, input.flatten(0, 2).index_select(0, indices));
        var attended = new List<Tensor>();
        var start = 0L;
        foreach (var group in order.Groups)
        {
            var windows = projected.narrow(0, start, group.Tokens).reshape(group.Count, group.Height, group.Width, 3, _heads, _headWidth);
            attended.Add(Attend(windows).flatten(0, 1));
            start += group.Tokens;
        }
        return Project(proj, _projUpdate, cat(attended, 0)).index_select(0, indices.argsort()).MoveToOuterDisposeScope();
    }

    // Queries, keys and values [N, h, w, 3, heads, d], h and w at most k → [N, h·w, D].
    private Tensor Attend(Tensor projected)
    {
        using var scope = NewDisposeScope();
        var query = projected.select(3, 0);
        var keysAndValues = Padded(projected.narrow(3, 1, 2)).flatten(1, 2);
        return RelativeAttention.Attend(query, keysAndValues.select(2, 0), keysAndValues.select(2, 1), rel_pos_h, rel_pos_w)
            .MoveToOuterDisposeScope();
    }

    // SAM pads the normalised tokens with zeros before it projects them. A zero token's projection is the bias, so the pads'
    // keys and values are known without computing them (a low-rank update of zero is zero). Pads are not masked: they are
    // attended to. [N, h, w, 2, heads, d] → [N, k, k, 2, heads, d].
    private Tensor Padded(Tensor keysAndValues)
    {
        using var scope = NewDisposeScope();
        var (count, height, width) = (keysAndValues.shape[0], keysAndValues.shape[1], keysAndValues.shape[2]);
        var padding = qkv.bias!.reshape(3, _heads, _headWidth).narrow(0, 1, 2).to(keysAndValues.dtype);
        var padded = keysAndValues.alias();
        if (width < _extent)
            padded = cat([padded, padding.expand(count, height, _extent - width, 2, _heads, _headWidth)], 2);
        if (height < _extent)
            padded = cat([padded, padding.expand(count, _extent - height, _extent, 2, _heads, _headWidth)], 1);
        return padded.MoveToOuterDisposeScope();
    }
}
