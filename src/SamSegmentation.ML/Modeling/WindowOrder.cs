using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// The tokens of a grid in the order of square windows (Li et al., "Exploring plain vision transformer backbones for object
/// detection", 2022, section 3), image by image within a group of windows of the same size. What is done to each token alone
/// may be done in either order; in this one, the tokens of a window lie one after the other. A grid that the windows do not
/// divide ends with smaller ones at the right and at the bottom: their missing tokens are in no order, for nobody asks for
/// their output.
/// </summary>
internal sealed class WindowOrder
{
    private readonly long _batch;
    private readonly long _height;
    private readonly long _width;
    private readonly List<Group> _groups = [];

    /// <summary>Finds the windows of a grid.</summary>
    /// <param name="batch">Number of images B.</param>
    /// <param name="height">The grid's height H.</param>
    /// <param name="width">The grid's width W.</param>
    /// <param name="window">Side k of a window in tokens; it may exceed the grid.</param>
    internal WindowOrder(long batch, long height, long width, long window)
    {
        (_batch, _height, _width) = (batch, height, width);
        foreach (var (top, rows, windowHeight) in Spans(height, window))
        {
            foreach (var (left, columns, windowWidth) in Spans(width, window))
                _groups.Add(new Group(top, left, rows, columns, windowHeight, windowWidth, batch));
        }
    }

    /// <summary>The groups of windows of the same size, in the order in which their tokens follow each other.</summary>
    internal IReadOnlyList<Group> Groups => _groups;

    /// <summary>Which token of the grid stands at each place of the order.</summary>
    /// <param name="device">Where the indices shall be.</param>
    /// <returns>[B·H·W], int64: for index_select on tokens [B·H·W, C]; its argsort leads back.</returns>
    internal Tensor Indices(Device device)
    {
        using var scope = NewDisposeScope();
        var grid = arange(_batch * _height * _width, dtype: ScalarType.Int64, device: device).reshape(_batch, _height, _width);
        var parts = _groups.ConvertAll(group => grid
            .narrow(1, group.Top, group.Rows * group.Height)
            .narrow(2, group.Left, group.Columns * group.Width)
            .reshape(_batch, group.Rows, group.Height, group.Columns, group.Width)
            .permute(0, 1, 3, 2, 4)
            .flatten());
        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    // An extent as whole windows, and a smaller one for what is left.
    private static IEnumerable<(long Start, long Count, long Extent)> Spans(long extent, long window)
    {
        if (extent >= window)
            yield return (0, extent / window, window);
        if (extent % window > 0)
            yield return (extent - extent % window, 1, extent % window);
    }

    /// <summary>Windows of the same size, row by row.</summary>
    /// <param name="Top">The grid's row where the first one starts.</param>
    /// <param name="Left">The grid's column where the first one starts.</param>
    /// <param name="Rows">How many stand below each other.</param>
    /// <param name="Columns">How many stand beside each other.</param>
    /// <param name="Height">Height of one in tokens, at most k.</param>
    /// <param name="Width">Width of one in tokens, at most k.</param>
    /// <param name="Batch">Number of images that have them.</param>
    internal readonly record struct Group(long Top, long Left, long Rows, long Columns, long Height, long Width, long Batch)
    {
        /// <summary>Number of windows, over all images.</summary>
        internal long Count => Batch * Rows * Columns;

        /// <summary>Number of tokens, over all windows.</summary>
        internal long Tokens => Count * Height * Width;
    }
}
